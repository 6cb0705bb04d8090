-- A copy for tests knows no provider.
DELETE FROM ir_config_parameter WHERE key = 'dunning_example.provider';
UPDATE res_company SET dunning_lre_provider = NULL WHERE dunning_lre_provider = 'example';
