-- A copy for tests sends nothing to customers.
UPDATE res_company
   SET dunning_automatic = false, dunning_letter_provider = 'print', dunning_lre_provider = NULL,
       dunning_sms_folder = true;

-- What is ready waits for a person's approval; what is printed already waits for one anyway.
UPDATE dunning_reminder
   SET state = 'draft', draft_reason = 'approval'
 WHERE state = 'ready' AND waiting IS NOT TRUE;

-- It closes the links to the customers' pages: those that were sent open nothing here, and those made here nothing there.
UPDATE dunning_account
   SET portal_key = gen_random_uuid()::text;
