-- A copy for tests knows no carrier, and its letters are printed by hand.
DELETE FROM ir_config_parameter WHERE key = 'dunning_example.carrier';
UPDATE res_company SET dunning_letter_provider = 'print' WHERE dunning_letter_provider = 'example';
