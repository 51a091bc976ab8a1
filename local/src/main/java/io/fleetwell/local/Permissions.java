package io.fleetwell.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Allows a function only the calls that its policies in the template allow, as IAM does in the cloud. It records which
 * permissions the function uses.
 */
public final class Permissions implements ExecutionInterceptor {
  /**
   * The permission to perform an action on a resource.
   *
   * @param action such as {@code dynamodb:GetItem}
   * @param resource a table, {@code TABLE/index/INDEX}, the ARN of a function's alias, or {@code BUCKET/KEY}, where {@code
   *     *} at the end matches any text
   */
  public record Permission(String action, String resource) {
    public boolean covers(Permission needed) {
      return action.equals(needed.action())
          && (resource.endsWith("*")
              ? needed.resource().startsWith(resource.substring(0, resource.length() - 1))
              : needed.resource().equals(resource));
    }
  }

  private final String function;
  private final Set<Permission> granted;
  private final Set<Permission> used = ConcurrentHashMap.newKeySet();

  public Permissions(String function, Set<Permission> granted) {
    this.function = function;
    this.granted = granted;
  }

  /** The granted permissions that were used since this was last asked for. */
  public Set<Permission> takeUsed() {
    Set<Permission> taken = Set.copyOf(used);
    used.removeAll(taken);
    return taken;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    needed(service, operation, context.request()).forEach(this::require);
  }

  /**
   * Records that the function uses a permission: the narrowest granted one that covers it.
   *
   * @throws IllegalStateException when its policies do not allow it
   */
  void require(Permission needed) {
    if (!allows(needed)) {
      throw new IllegalStateException(
          "AccessDenied: the policies of the function %s in template.yaml do not allow %s on %s"
              .formatted(function, needed.action(), needed.resource()));
    }
  }

  /** Like {@link #require}, but returns whether the policies allow it. */
  boolean allows(Permission needed) {
    Optional<Permission> narrowest = granted.stream()
        .filter(permission -> permission.covers(needed))
        .max(Comparator.comparingInt(permission -> permission.resource().length()));
    narrowest.ifPresent(used::add);
    return narrowest.isPresent();
  }

  private static List<Permission> needed(String service, String operation, SdkRequest request) {
    if (request instanceof TransactWriteItemsRequest transaction) {
      return transaction.transactItems().stream().map(Permissions::needed).toList();
    }
    String action = actionOf(service, operation);
    List<Permission> needed = new ArrayList<>();
    request
        .getValueForField("RequestItems", Object.class)
        .ifPresent(tables -> ((Map<?, ?>) tables)
            .keySet()
            .forEach(table -> needed.add(new Permission(action, String.valueOf(table)))));
    text(request, "TableName")
        .ifPresent(table -> needed.add(new Permission(
            action,
            text(request, "IndexName").map(index -> table + "/index/" + index).orElse(table))));
    text(request, "Bucket")
        .ifPresent(bucket -> needed.add(
            new Permission(action, bucket + "/" + text(request, "Key").orElse(""))));
    if (needed.isEmpty()) {
      throw new IllegalStateException("the resource of " + action + " is unknown");
    }
    return needed;
  }

  /** Each part of a transaction needs the permission that it would need alone. */
  private static Permission needed(TransactWriteItem item) {
    if (item.put() != null) {
      return new Permission("dynamodb:PutItem", item.put().tableName());
    }
    if (item.update() != null) {
      return new Permission("dynamodb:UpdateItem", item.update().tableName());
    }
    if (item.delete() != null) {
      return new Permission("dynamodb:DeleteItem", item.delete().tableName());
    }
    throw new IllegalStateException("unknown part of a transaction: " + item);
  }

  /** HeadObject has no action of its own (IAM, "Actions defined by Amazon S3"). */
  private static String actionOf(String service, String operation) {
    return service.equals("S3")
        ? "s3:" + (operation.equals("HeadObject") ? "GetObject" : operation)
        : "dynamodb:" + operation;
  }

  private static Optional<String> text(SdkRequest request, String field) {
    return request.getValueForField(field, String.class);
  }
}
