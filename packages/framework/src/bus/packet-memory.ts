import { Buffer } from 'node:buffer';
import { writeToStream } from 'mqtt-packet';

// Else the first packet of a process makes buffers of all 65,536 packet identifiers: 7 MB, and a tenth of the start of a module.
writeToStream.cacheNumbers = false;

/**
 * For each length that a packet ever had, mqtt-packet keeps a buffer of four bytes for good, and with it the whole block that Node.js has cut
 * it from. With Node's blocks of 64 kB a process would grow by megabytes a day, and by up to a gigabyte in the end.
 */
export const BLOCK_BYTES = 1024;
Buffer.poolSize = BLOCK_BYTES;
