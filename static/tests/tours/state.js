// The state of the record that is shown, once no dialog covers it; or of the one that a dialog shows (`where`).
// With many buttons, a narrow window or wide letters the bar has no room for it and folds it away: it is looked for
// there, seen or not.
export const isNow = (state, where = "body:not(:has(.modal))") =>
    `${where}:has(.o_statusbar_status .o_arrow_button_current:contains(${state}))`;
