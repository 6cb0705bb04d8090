-- A copy for tests sends nothing to customers.
UPDATE res_company
   SET dunning_automatic = false, dunning_letter_provider = 'print', dunning_lre_provider = NULL,
       dunning_sms_folder = true;

-- It closes the links to the customers' pages: those that were sent open nothing here, and those made here nothing there.
UPDATE dunning_account
   SET portal_key = gen_random_uuid()::text;
