// What the scenarios in TypeScript share. run.py says what they do and print.
import { readFileSync } from 'node:fs';

const [, , base = '', name = '', zip = ''] = process.argv;
export { base, name };
export const device = `${name}-1`;
export const otherDevices = [`${name}-2`, `${name}-3`];
export const key = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
} as const;

export async function token(caller: string): Promise<string> {
  return (await fetch(`${base}/local/token?${caller}`)).text();
}

export function zipFile(): File {
  return new File([readFileSync(zip)], 'log.zip', { type: 'application/zip' });
}

export function zipSize(): number {
  return readFileSync(zip).length;
}

export async function task(title: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    console.log(`${title}: ok`);
  } catch (failure) {
    console.log(`${title}: ${String(failure).replace(/\s+/g, ' ')}`);
  }
}
