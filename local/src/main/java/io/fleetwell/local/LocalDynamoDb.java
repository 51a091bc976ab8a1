package io.fleetwell.local;

import io.fleetwell.local.Template.Table;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * Amazon's DynamoDB Local. Its own server listens on all interfaces, so its handler runs in a server on the loopback
 * interface. It sends no telemetry, which only its own server would start.
 */
public final class LocalDynamoDb implements AutoCloseable {
  /** Held here, because the JDK forgets the settings of a logger without references. */
  private static final Logger SQLITE = Logger.getLogger("com.almworks.sqlite4java");

  private static final Duration FILE_CLOSES_WITHIN = Duration.ofSeconds(2);

  private final Server server;
  private final LocalDynamoDBServerHandler handler;
  private final Background<DynamoDbClient> client;
  private final Set<Thread> threadsBefore;

  private LocalDynamoDb(
      Server server,
      LocalDynamoDBServerHandler handler,
      Background<DynamoDbClient> client,
      Set<Thread> threadsBefore) {
    this.server = server;
    this.handler = handler;
    this.client = client;
    this.threadsBefore = threadsBefore;
  }

  /** Starts on a free port, with the data in a folder. */
  static LocalDynamoDb start(Path folder) throws Exception {
    return start(() -> new LocalDynamoDBRequestHandler(0, false, folder.toString(), true, false));
  }

  /** Starts on a free port, with the data in memory. */
  public static LocalDynamoDb startInMemory() throws Exception {
    return start(() -> new LocalDynamoDBRequestHandler(0, true, null, true, false));
  }

  private static LocalDynamoDb start(Supplier<LocalDynamoDBRequestHandler> requests)
      throws Exception {
    // Errors of SQLite also come back as failed calls. DynamoDB Local sets the level of this
    // logger, but no filter.
    SQLITE.setFilter(line -> false);
    Set<Thread> threadsBefore = sqliteThreads();
    Server server = Servers.onLoopback(0, new Handler.Sequence());
    URI endpoint = Servers.open(server);
    Background<DynamoDbClient> client = Background.start(() -> LocalAccount.dynamoDb(endpoint));
    var handler = new LocalDynamoDBServerHandler(requests.get(), null);
    server.setHandler(handler);
    server.start();
    return new LocalDynamoDb(server, handler, client, threadsBefore);
  }

  public URI endpoint() {
    return Servers.uri(server);
  }

  /** Creates the missing tables. */
  public void createTables(List<Table> tables) {
    TableRequests.createMissing(client.get(), tables);
  }

  /** DynamoDB Local closes its file in another thread, and does not wait. Until then the file cannot be opened again. */
  private void awaitClosedFile() {
    for (Thread thread : sqliteThreads()) {
      if (threadsBefore.contains(thread)) {
        continue;
      }
      try {
        thread.join(FILE_CLOSES_WITHIN.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static Set<Thread> sqliteThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("SQLiteQueue"))
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    client.get().close();
    LifeCycle.stop(server);
    handler.close();
    awaitClosedFile();
  }
}
