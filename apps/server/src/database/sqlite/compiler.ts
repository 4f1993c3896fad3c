import { type LimitNode, SqliteQueryCompiler, ValueNode } from 'kysely';

/**
 * SQLite plans by the number in a `limit`, so a statement with a parameter there is compiled anew at
 * each use, which takes ten times as long as most of these queries. Written out, each number is a statement of its own.
 */
export class LimitsWrittenOut extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    const limit = ValueNode.is(node.limit) ? node.limit.value : undefined;
    if (Number.isSafeInteger(limit)) this.append(`limit ${String(limit)}`);
    else super.visitLimit(node);
  }
}
