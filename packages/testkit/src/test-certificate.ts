/** A certificate for 127.0.0.1 that nobody has signed, and its key: for servers of tests, for a hundred years. */
export const testCertificate: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgctzyoezXh7vJgMiP
dgHHWwNpdx6dYqh/o9TomQR1UZOhRANCAATonOXHBA+chuNr5Kjmzbk1R8KSuE75
Khwp9YuFodZVXl6tRCvkRdRJ2rnz1UMaWpInH2cuRYhGeuV33nYrKA9Z
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBjzCCATagAwIBAgIUWCK+AIjybGqd03x1Y/eZwYfFHcQwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNTIzMDMxM1oYDzIxMjYxMTAx
MjMwMzEzWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATonOXHBA+chuNr5Kjmzbk1R8KSuE75Khwp9YuFodZVXl6tRCvkRdRJ
2rnz1UMaWpInH2cuRYhGeuV33nYrKA9Zo2QwYjAdBgNVHQ4EFgQUAiFrYAEuayik
qCVLHPAtfavEAb0wHwYDVR0jBBgwFoAUAiFrYAEuayikqCVLHPAtfavEAb0wDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0cAMEQC
IBRFfqcB3tQKlwjI1Yb69NuZXBre2YEqgOnijCNqJRPMAiAQ3LNhaz3f9qIDko+D
uwVrqbnzRgZo6KWeWBzONhcMEw==
-----END CERTIFICATE-----
`,
};
