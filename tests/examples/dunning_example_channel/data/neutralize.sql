-- A copy for tests knows no gateway.
DELETE FROM ir_config_parameter WHERE key = 'dunning_example.gateway';
