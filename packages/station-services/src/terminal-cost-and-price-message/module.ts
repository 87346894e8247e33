import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { costLines } from './cost-lines.ts';

/** A display for tariffs and costs that is nothing but the log. */
export const TerminalCostAndPriceMessageModule: ModuleDefinition = defineModule('TerminalCostAndPriceMessage', setUp);

function setUp(module: Module<'TerminalCostAndPriceMessage'>): undefined {
  const { log } = module;
  const costs = module.one('session_cost');
  costs.subscribe('default_price', ({ messages }) => {
    for (const { content } of messages) log.info(`price: ${content}`);
  });
  costs.subscribe('tariff_message', ({ messages, ...about }) => {
    for (const { content } of messages) log.info(`tariff: ${content}`, about);
  });
  costs.subscribe('session_cost', (cost) => {
    for (const line of costLines(cost)) log.info(`cost: ${line}`);
  });
}
