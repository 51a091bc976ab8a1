package io.fleetwell.testing.memory;

import java.util.concurrent.Executors;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ListTablesResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.dynamodb.services.exceptions.DynamoDBLocalServiceException;
import software.amazon.dynamodb.services.local.embedded.DDBExceptionMappingInvocationHandler;
import software.amazon.dynamodb.services.local.shared.access.client.LocalDynamoDbClient;
import software.amazon.dynamodb.services.local.shared.jobs.JobsRegister;

/**
 * DynamoDB Local in this process, without HTTP, JSON and SQLite. Requests are checked, conditions and expressions are
 * evaluated, and transactions are made by DynamoDB Local's own code; only the records are in maps. Interceptors of the SDK
 * see nothing of it, so it checks no permissions, and no call fails or waits.
 */
public final class MemoryDynamoDb implements DynamoDbClient {
  private final JobsRegister jobs = new JobsRegister(
      Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "DynamoDB Local");
        thread.setDaemon(true);
        return thread;
      }),
      false);
  private final MemoryRecords records = new MemoryRecords();
  private final DynamoDbClient local = new LocalDynamoDbClient(records, jobs);

  /** Throws what the SDK would throw. */
  private static <T> T answer(Supplier<T> call) {
    try {
      return call.get();
    } catch (DynamoDBLocalServiceException e) {
      throw ofSdk(e);
    }
  }

  private static RuntimeException ofSdk(DynamoDBLocalServiceException local) {
    try {
      DDBExceptionMappingInvocationHandler.handleDynamoDBLocalServiceException(local);
      return local;
    } catch (RuntimeException e) {
      return e;
    } catch (Throwable e) {
      return new IllegalStateException(e);
    }
  }

  @Override
  public CreateTableResponse createTable(CreateTableRequest request) {
    return answer(() -> local.createTable(request));
  }

  @Override
  public ListTablesResponse listTables(ListTablesRequest request) {
    return answer(() -> local.listTables(request));
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return answer(() -> local.getItem(request));
  }

  @Override
  public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
    return answer(() -> local.batchGetItem(request));
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return answer(() -> local.query(request));
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return answer(() -> local.putItem(request));
  }

  @Override
  public UpdateItemResponse updateItem(UpdateItemRequest request) {
    return answer(() -> local.updateItem(request));
  }

  @Override
  public DeleteItemResponse deleteItem(DeleteItemRequest request) {
    return answer(() -> local.deleteItem(request));
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    return answer(() -> local.transactWriteItems(request));
  }

  @Override
  public String serviceName() {
    return local.serviceName();
  }

  /** Functions close their clients, but the records are shared. {@link #stop} ends it. */
  @Override
  public void close() {}

  /** Ends the threads of DynamoDB Local. */
  public void stop() {
    jobs.shutdown();
    jobs.shutdownNow();
    records.close();
  }
}
