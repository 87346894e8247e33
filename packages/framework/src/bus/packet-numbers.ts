import { writeToStream } from 'mqtt-packet';

// Else the first packet of a process makes buffers of all 65,536 packet identifiers: 7 MB, and a tenth of the start of a module.
writeToStream.cacheNumbers = false;
