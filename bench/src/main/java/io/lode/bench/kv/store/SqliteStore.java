package io.lode.bench.kv.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * SQLite: write-ahead log, synchronous=FULL, a table whose key is its order; each thread its own.
 */
final class SqliteStore implements Session, Session.Batches, Session.OrderedScans {
  private final Connection connection;
  private final PreparedStatement put;
  private final PreparedStatement get;
  private final PreparedStatement delete;
  private final PreparedStatement all;
  private final PreparedStatement range;
  private final Sink sink = new Sink();

  private SqliteStore(String url) throws SQLException {
    connection = DriverManager.getConnection(url);
    try (Statement settings = connection.createStatement()) {
      settings.execute("PRAGMA journal_mode=WAL");
      settings.execute("PRAGMA synchronous=FULL");
      settings.execute("PRAGMA busy_timeout=60000");
      settings.execute("PRAGMA cache_size=-524288"); // KiB
      settings.execute(
          "CREATE TABLE IF NOT EXISTS kv (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID");
    }
    put = connection.prepareStatement("INSERT OR REPLACE INTO kv VALUES (?, ?)");
    get = connection.prepareStatement("SELECT v FROM kv WHERE k = ?");
    delete = connection.prepareStatement("DELETE FROM kv WHERE k = ?");
    all = connection.prepareStatement("SELECT v FROM kv");
    range = connection.prepareStatement("SELECT v FROM kv WHERE k >= ? ORDER BY k LIMIT ?");
  }

  static Subject open(Path folder) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("bench.sqlite");
    // Keeps the log from being folded in and deleted whenever a session ends.
    Connection keeper = DriverManager.getConnection(url);
    new SqliteStore(url).close();
    return new OpenStore(() -> new SqliteStore(url), "WAL, synchronous=FULL", keeper);
  }

  @Override
  public void put(byte[] key, byte[] value) throws SQLException {
    put.setBytes(1, key);
    put.setBytes(2, value);
    put.executeUpdate();
  }

  @Override
  public void putAll(byte[][] keys, byte[][] values) throws SQLException {
    connection.setAutoCommit(false);
    for (int index = 0; index < keys.length; index++) {
      put(keys[index], values[index]);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public int get(byte[] key, byte[] destination) throws SQLException {
    get.setBytes(1, key);
    try (ResultSet found = get.executeQuery()) {
      return Session.copied(found.next() ? found.getBytes(1) : null, destination);
    }
  }

  @Override
  public void delete(byte[] key) throws SQLException {
    delete.setBytes(1, key);
    delete.executeUpdate();
  }

  @Override
  public long scan() throws SQLException {
    return count(all);
  }

  @Override
  public int scanFrom(byte[] from, int count) throws SQLException {
    range.setBytes(1, from);
    range.setInt(2, count);
    return (int) count(range);
  }

  private long count(PreparedStatement query) throws SQLException {
    try (ResultSet found = query.executeQuery()) {
      long count = 0;
      for (; found.next(); count++) {
        sink.add(found.getBytes(1)[0]);
      }
      return count;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
