/** Small facts about the store itself, by name. */
import type { Database } from './database.ts';

export class SettingStore {
  private readonly _database: Database;

  constructor(database: Database) {
    this._database = database;
  }

  get(key: string): string | undefined {
    const value = this._database
      .statement('SELECT value FROM settings WHERE key = ?')
      .get(key)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  set(key: string, value: string): void {
    this._database
      .statement(
        `INSERT INTO settings VALUES (?, ?)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value`
      )
      .run(key, value);
  }
}
