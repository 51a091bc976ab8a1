package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.zip.CRC32;

/** Answers of DynamoDB and S3, byte for byte as on the wire. */
final class StoreAnswers {
  private static final String CHECKSUM = "x-amz-crc32";
  private static final String DYNAMODB = "com.amazonaws.dynamodb.v20120810#";

  /** DynamoDB reports throttling in several ways. */
  private static final List<String> BUSY =
      List.of("""
      {"__type":"%sProvisionedThroughputExceededException","message":"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."}""".formatted(DYNAMODB), """
      {"__type":"com.amazon.coral.availability#ThrottlingException","message":"Throughput exceeds the current capacity of your table or index."}""", """
      {"__type":"%sRequestLimitExceeded","message":"Throughput exceeds the current throughput limit for your account."}""".formatted(DYNAMODB));

  /** How a transaction reports throttling. */
  private static final String BUSY_IN_TRANSACTION = """
      {"__type":"%sTransactionCanceledException","CancellationReasons":[{"Code":"ThrottlingError","Message":"Throughput exceeds the current capacity of your table or index."},{"Code":"None"}],"Message":"Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError, None]"}""".formatted(DYNAMODB);

  private static final String FAILED = """
      {"__type":"%sInternalServerError","message":"The request processing has failed because of an unknown error, exception or failure."}""".formatted(DYNAMODB);

  private static final String WRONG_SIGNATURE = """
      {"__type":"com.amazon.coral.service#InvalidSignatureException","message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}""";

  private static final String IN_PROGRESS = """
      {"__type":"%sTransactionInProgressException","Message":"The transaction with the given request token is already in progress."}""".formatted(DYNAMODB);

  private StoreAnswers() {}

  /** Adds the checksum, which DynamoDB sends with each answer, and DynamoDB Local not with errors. */
  static HttpMessage asOfAws(Call call, HttpMessage answer) {
    return call.isForDynamoDb() ? answer.with(CHECKSUM, checksum(answer.body())) : answer;
  }

  private static String checksum(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return String.valueOf(crc.getValue());
  }

  /** DynamoDB has carried out the call. */
  static byte[] done(JsonNode answer) {
    return dynamoDb("200 OK", answer.toString());
  }

  /** The store has not finished an earlier attempt at the same transaction, or an upload under the same name. */
  static byte[] inProgress(Call call) {
    return call.isForDynamoDb()
        ? dynamoDb("400 Bad Request", IN_PROGRESS)
        : s3(
            call,
            "409 Conflict",
            "ConditionalRequestConflict",
            "The conditional request cannot succeed due to a conflicting operation against this resource.");
  }

  /** DynamoDB refuses a request that is not the one that was signed. */
  static byte[] wrongSignature() {
    return dynamoDb("400 Bad Request", WRONG_SIGNATURE);
  }

  /**
   * The store throttles the call.
   *
   * @param number counts these answers, to use each way in turn
   */
  static byte[] busy(Call call, int number) {
    if (!call.isForDynamoDb()) {
      return s3(call, "503 Slow Down", "SlowDown", "Please reduce your request rate.");
    }
    int ways = BUSY.size() + (call.operation().equals("TransactWriteItems") ? 1 : 0);
    int way = number % ways;
    return dynamoDb("400 Bad Request", way == BUSY.size() ? BUSY_IN_TRANSACTION : BUSY.get(way));
  }

  /** The store fails with an internal error. */
  static byte[] failed(Call call) {
    return call.isForDynamoDb()
        ? dynamoDb("500 Internal Server Error", FAILED)
        : s3(
            call,
            "500 Internal Server Error",
            "InternalError",
            "We encountered an internal error. Please try again.");
  }

  private static byte[] dynamoDb(String status, String body) {
    return answer(status, """
        Server: Server\r
        Content-Type: application/x-amz-json-1.0\r
        x-amzn-RequestId: 0SD9RQ4JP6V2DKOO1MNRDEEIPFVV4KQNSO5AEMVJF66Q9ASUAAJG\r
        %s: %s\r
        """.formatted(CHECKSUM, checksum(body.getBytes(UTF_8))), body);
  }

  /** An answer to HEAD has no body, only the status. */
  private static byte[] s3(Call call, String status, String code, String message) {
    String body = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>%s</Code><Message>%s</Message><RequestId>4442587FB7D0A2F9</RequestId><HostId>aG9zdA==</HostId></Error>""".formatted(code, message);
    return answer(status, """
        Server: AmazonS3\r
        Content-Type: application/xml\r
        x-amz-request-id: 4442587FB7D0A2F9\r
        """, call.operation().equals("HEAD") ? "" : body);
  }

  private static byte[] answer(String status, String headers, String body) {
    return """
        HTTP/1.1 %s\r
        %sContent-Length: %d\r
        Connection: close\r
        \r
        %s""".formatted(status, headers, body.getBytes(UTF_8).length, body).getBytes(UTF_8);
  }
}
