export { DummyTokenProviderModule } from './dummy-token-provider/module.ts';
export { DummyTokenProviderManualModule } from './dummy-token-provider-manual/module.ts';
export { DummyTokenValidatorModule } from './dummy-token-validator/module.ts';
export { ErrorHistoryModule } from './error-history/module.ts';
export { PersistentStoreModule } from './persistent-store/module.ts';
export { SetupModule } from './setup/module.ts';
export { TerminalCostAndPriceMessageModule } from './terminal-cost-and-price-message/module.ts';
export { TerminalDisplayMessageModule } from './terminal-display-message/module.ts';
