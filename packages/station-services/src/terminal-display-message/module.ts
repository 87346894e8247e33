import { defineModule, type Module, type ModuleDefinition } from '@chargemesh/framework';
import { MessageBoard } from './message-board.ts';

/** A display for messages to drivers that is nothing but the log. */
export const TerminalDisplayMessageModule: ModuleDefinition = defineModule('TerminalDisplayMessage', setUp);

function setUp(module: Module<'TerminalDisplayMessage'>): undefined {
  const board = new MessageBoard();
  module.provide('display_message').implement({
    set_display_message: ({ request: messages }) => {
      if (messages.length === 0) return { status: 'Rejected', status_info: 'there is no message in the request' };
      if (!board.put(messages)) return { status: 'Rejected', status_info: 'there are too many messages' };
      for (const { message, ...about } of messages) module.log.info(`display: ${message.content}`, about);
      return { status: 'Accepted' };
    },
    get_display_messages: ({ request }) => ({ messages: board.find(request) }),
    clear_display_message: ({ request: { id } }) => {
      if (!board.remove(id)) return { status: 'Unknown' };
      module.log.info(`display: message ${id} is taken away`);
      return { status: 'Accepted' };
    },
  });
}
