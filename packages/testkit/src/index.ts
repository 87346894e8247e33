export { boardCapabilities } from './board-capabilities.ts';
export { freePort } from './free-port.ts';
export { Probe, type ProbePort, type ReceivedCall } from './probe.ts';
export { testCertificate } from './test-certificate.ts';
export { type RecordedMessage, TestMesh, type TestModule } from './test-mesh.ts';
