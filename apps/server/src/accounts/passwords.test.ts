import { describe, expect, test } from 'vitest';
import { argon2Hasher } from './passwords.ts';

describe('passwords', () => {
  const hasher = argon2Hasher();

  test('are kept as argon2id with the parameters of OWASP, salted', async () => {
    const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify('correct horse', one)).toBe(true);
    expect(await hasher.verify('correct horsf', one)).toBe(false);
  });

  test('of nobody are verified too, and are wrong', async () => {
    expect(await hasher.verify('correct horse', null)).toBe(false);
  });

  test('the parameters are read from the hash, and what is no hash is a defect', async () => {
    const own = await hasher.hash('x');
    expect(await hasher.verify('x', own.replace('m=19456', 'm=19457'))).toBe(false);
    await expect(hasher.verify('x', '$2b$10$bcrypt')).rejects.toThrow(/PHC/);
  });

  test('too many at once are told to wait', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 70 }, async () => await hasher.verify('x', null)));
    expect(answers.filter((answer) => answer.status === 'rejected')).toHaveLength(4);
  });
});
