package io.fleetwell.testing.memory;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.dynamodb.services.local.shared.LocalDBComparisonOperator;
import software.amazon.dynamodb.services.local.shared.access.QueryResponseInfo;
import software.amazon.dynamodb.services.local.shared.access.TableInfo;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteDBAccess;
import software.amazon.dynamodb.services.local.shared.model.AttributeValue;
import software.amazon.dynamodb.services.local.shared.model.Condition;

/**
 * Where DynamoDB Local keeps its records: here in maps instead of SQLite, which has only the definitions of the tables.
 * Tables cannot be changed or scanned.
 */
final class MemoryRecords extends SQLiteDBAccess {
  /** The records of a table by partition key and sort key, which is empty in a table without. */
  private static final class Records {
    private final Map<AttributeValue, Map<Optional<AttributeValue>, Map<String, AttributeValue>>>
        partitions = new HashMap<>();

    @Nullable
    Map<String, AttributeValue> get(Key key) {
      return partitions.getOrDefault(key.partition(), Map.of()).get(key.sort());
    }

    /** Stores a record, or removes the stored one if there is no new one. Returns the record that was stored before. */
    @Nullable
    Map<String, AttributeValue> set(Key key, @Nullable Map<String, AttributeValue> record) {
      Map<Optional<AttributeValue>, Map<String, AttributeValue>> partition =
          partitions.computeIfAbsent(key.partition(), it -> new HashMap<>());
      return record == null ? partition.remove(key.sort()) : partition.put(key.sort(), record);
    }

    Stream<Map<String, AttributeValue>> in(AttributeValue partition) {
      return partitions.getOrDefault(partition, Map.of()).values().stream();
    }

    Stream<Map<String, AttributeValue>> all() {
      return partitions.values().stream().flatMap(partition -> partition.values().stream());
    }
  }

  private record Key(AttributeValue partition, Optional<AttributeValue> sort) {}

  private final Map<String, TableInfo> definitions = new ConcurrentHashMap<>();
  private final Map<String, Records> tables = new HashMap<>();
  private final Map<String, byte[]> transactions = new HashMap<>();

  /** Held by each operation, and from the beginning of a transaction to its end. */
  private final ReentrantLock lock = new ReentrantLock();

  /** What takes back the writes of the present transaction, the latest first. */
  private @Nullable Deque<Runnable> undo;

  @Override
  public @Nullable TableInfo getTableInfo(String table) {
    TableInfo known = definitions.get(table);
    if (known == null) {
      known = super.getTableInfo(table);
      if (known != null) {
        definitions.put(table, known);
      }
    }
    return known;
  }

  @Override
  public @Nullable Map<String, AttributeValue> getRecord(
      String table, Map<String, AttributeValue> primaryKey) {
    return locked(() -> copy(records(table).get(keyOf(table, primaryKey))));
  }

  @Override
  public void putRecord(
      String table,
      Map<String, AttributeValue> record,
      AttributeValue partition,
      @Nullable AttributeValue sort,
      boolean isUpdate) {
    set(table, new Key(partition, Optional.ofNullable(sort)), copy(record));
  }

  @Override
  public boolean deleteRecord(
      String table, Map<String, AttributeValue> primaryKey, boolean isSystemDelete) {
    return set(table, keyOf(table, primaryKey), null);
  }

  /** Returns whether there was a record. */
  private boolean set(String table, Key key, @Nullable Map<String, AttributeValue> record) {
    return locked(() -> {
      Map<String, AttributeValue> before = records(table).set(key, record);
      if (undo != null) {
        undo.push(() -> records(table).set(key, before));
      }
      return before != null;
    });
  }

  @Override
  public QueryResponseInfo queryRecords(
      String table,
      @Nullable String index,
      Map<String, Condition> conditions,
      @Nullable Map<String, AttributeValue> start,
      @Nullable Long limit,
      boolean ascending,
      byte @Nullable [] beginHash,
      byte @Nullable [] endHash,
      boolean isScan,
      boolean isGlobalIndex) {
    if (isScan) {
      throw new UnsupportedOperationException("Functions never scan a table.");
    }
    List<String> keys = keysOf(table, index);
    Comparator<Map<String, AttributeValue>> order = order(keys, ascending);
    long most = limit == null || limit < 1 ? Long.MAX_VALUE : limit;
    List<Map<String, AttributeValue>> found =
        locked(() -> candidates(table, conditions, isGlobalIndex)
            .filter(record -> record.keySet().containsAll(keys) && fits(record, conditions))
            .filter(record -> start == null || start.isEmpty() || order.compare(record, start) > 0)
            .sorted(order)
            .limit(most)
            .map(MemoryRecords::copy)
            .toList());
    return new QueryResponseInfo(found, found.size() == most ? found.get(found.size() - 1) : null);
  }

  private Stream<Map<String, AttributeValue>> candidates(
      String table, Map<String, Condition> conditions, boolean isGlobalIndex) {
    if (isGlobalIndex) {
      return records(table).all();
    }
    String partition = keysOf(table, null).get(0);
    return records(table)
        .in(requireNonNull(conditions.get(partition)).getAttributeValueList().get(0));
  }

  private static boolean fits(
      Map<String, AttributeValue> record, Map<String, Condition> conditions) {
    return conditions.entrySet().stream().allMatch(condition -> {
      Condition expected = condition.getValue();
      return LocalDBComparisonOperator.fromValue(expected.getComparisonOperator())
          .evaluate(expected.getAttributeValueList(), record.get(condition.getKey()));
    });
  }

  /** The attributes by which an index, or without one the table, is ordered. */
  private List<String> keysOf(String table, @Nullable String index) {
    TableInfo definition = requireNonNull(getTableInfo(table));
    List<String> keys = new ArrayList<>();
    if (index != null) {
      keys.addAll(definition.getIndexKeyNames(index));
    }
    keys.addAll(definition.getBaseTableKeyNames());
    return keys;
  }

  private static Comparator<Map<String, AttributeValue>> order(
      List<String> keys, boolean ascending) {
    Comparator<Map<String, AttributeValue>> order = (one, other) -> keys.stream()
        .mapToInt(key -> value(one, key).compare(value(other, key)))
        .filter(it -> it != 0)
        .findFirst()
        .orElse(0);
    return ascending ? order : order.reversed();
  }

  private static AttributeValue value(Map<String, AttributeValue> record, String name) {
    return requireNonNull(record.get(name));
  }

  private Records records(String table) {
    return tables.computeIfAbsent(table, it -> new Records());
  }

  private Key keyOf(String table, Map<String, AttributeValue> primaryKey) {
    List<String> keys = keysOf(table, null);
    return new Key(
        value(primaryKey, keys.get(0)),
        keys.stream().skip(1).map(primaryKey::get).findFirst());
  }

  @Override
  public byte @Nullable [] beginTransaction(String id) {
    lock.lock();
    undo = new ArrayDeque<>();
    return transactions.get(id);
  }

  @Override
  public void commitTransaction(String id, byte[] signature) {
    transactions.put(id, signature);
    undo = null;
    lock.unlock();
  }

  @Override
  public void rollbackTransaction() {
    if (undo != null) {
      undo.forEach(Runnable::run);
    }
    undo = null;
    lock.unlock();
  }

  private <T extends @Nullable Object> T locked(Supplier<T> operation) {
    lock.lock();
    try {
      return operation.get();
    } finally {
      lock.unlock();
    }
  }

  /** A record that its reader may change. Scalars and sets are replaced, never changed in place. */
  private static @Nullable Map<String, AttributeValue> copy(
      @Nullable Map<String, AttributeValue> record) {
    if (record == null) {
      return null;
    }
    Map<String, AttributeValue> copy = new HashMap<>(record);
    copy.replaceAll((name, value) -> copy(value));
    return copy;
  }

  private static AttributeValue copy(AttributeValue value) {
    if (value.getM() != null) {
      return new AttributeValue().withM(copy(value.getM()));
    }
    if (value.getL() != null) {
      return new AttributeValue()
          .withL(value.getL().stream().map(MemoryRecords::copy).toList());
    }
    return value;
  }
}
