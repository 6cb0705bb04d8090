-- A copy for tests sends nothing to customers.
UPDATE res_company
   SET dunning_automatic = false, dunning_letter_provider = 'print', dunning_lre_provider = NULL;
