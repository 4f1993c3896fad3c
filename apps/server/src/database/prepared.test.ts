import type { AccountId, DeviceId } from '@everroll/protocol';
import { describe, expect, test } from 'vitest';
import { openDatabase } from './open.ts';
import { prepared } from './prepared.ts';

describe('a query that is compiled once', () => {
  test('takes other parameters each time, in a transaction too', async () => {
    const db = await openDatabase('sqlite::memory:');
    for (const email of ['one', 'two']) {
      await db.insertInto('account').values({ id: email as AccountId, email, name: email.toUpperCase(), role: 'owner', password_hash: '', plan_bytes: null, used_bytes: 0, reserved_bytes: 0, disabled_at: null, created_at: 0 }).execute();
    }
    const named = prepared((queries, email: string, name: string) => queries.selectFrom('account').select(['id', 'name']).where('email', '=', email).where('name', '=', name));
    expect(await named(db, 'one', 'ONE')).toEqual({ id: 'one', name: 'ONE' });
    expect(await named(db, 'one', 'TWO')).toBeUndefined();
    expect(await db.transaction().execute((trx) => named(trx, 'two', 'TWO'))).toEqual({ id: 'two', name: 'TWO' });
    await db.destroy();
  });

  test('refuses parameters that stand in another order', async () => {
    const db = await openDatabase('sqlite::memory:');
    const turned = prepared((queries, device: DeviceId, account: AccountId) => queries.selectFrom('device').select('id').where('account_id', '=', account).where('id', '=', device));
    await expect(turned(db, 'device' as DeviceId, 'account' as AccountId)).rejects.toThrow('another order');
    await db.destroy();
  });
});
