//! Brings rows of the database in line with rows of the demo, and says whose were different.

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::Result;

/// Rows for one table, all with the same columns.
pub struct Sheet {
    pub table: &'static str,
    /// What tells its rows apart.
    pub key: &'static str,
    /// The column that says whose a row is.
    pub owner: &'static str,
    pub rows: Vec<Value>,
}

impl Sheet {
    /// Rows of venues, told apart by their ids.
    pub fn of_venues(table: &'static str, rows: Vec<Value>) -> Self {
        Self { table, key: "id", owner: "venue_id", rows }
    }

    fn columns(&self) -> Vec<&str> {
        let first = self.rows.first().and_then(Value::as_object);
        first.into_iter().flat_map(|row| row.keys()).map(String::as_str).collect()
    }

    /// Writes rows that are new or differ; answers their owners.
    pub async fn write(&self, db: &mut PgConnection) -> Result<Vec<Uuid>> {
        let columns = self.columns();
        if columns.is_empty() {
            return Ok(Vec::new());
        }
        let (table, key, owner) = (self.table, self.key, self.owner);
        let list =
            |prefix: &str| columns.iter().map(|column| format!("{prefix}{column}")).collect::<Vec<_>>().join(", ");
        let (names, old, new) = (list(""), list("old."), list("excluded."));
        // The names of table and columns are this program's own; every value is in the parameter.
        let statement = AssertSqlSafe(format!(
            "insert into {table} as old ({names}) select {names} from jsonb_populate_recordset(null::{table}, $1)
             on conflict ({key}) do update set ({names}) = row({new}) where row({old}) is distinct from row({new})
             returning {owner}"
        ));
        Ok(sqlx::query_scalar(statement).bind(Value::from(self.rows.clone())).fetch_all(db).await?)
    }

    /// Removes rows that an earlier demo wrote and this one has not; answers their owners.
    ///
    /// Ids of the demo are of version 8, which nothing else here makes, so that rows made by people stay.
    pub async fn remove_others(&self, db: &mut PgConnection, venues: &[Uuid]) -> Result<Vec<Uuid>> {
        let statement = AssertSqlSafe(format!(
            "delete from {} where venue_id = any($1) and id <> all($2) and get_byte(uuid_send(id), 6) >> 4 = 8 returning venue_id",
            self.table
        ));
        Ok(sqlx::query_scalar(statement).bind(venues).bind(self.ids()).fetch_all(db).await?)
    }

    /// The ids of its rows.
    pub fn ids(&self) -> Vec<Uuid> {
        self.rows.iter().filter_map(|row| row["id"].as_str()?.parse().ok()).collect()
    }
}
