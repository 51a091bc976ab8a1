package io.fleetwell.testing.faults;

import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.FunctionAlias;
import io.fleetwell.ids.Sha256;
import io.fleetwell.lambda.AwakeEvent;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

/** Compares our signatures with those of the SDK. */
@ExtendWith(RunningSystem.class)
class SignatureTest {
  private static final byte[] CONTENT = "text".getBytes(UTF_8);

  private final LocalSystem system;
  private final Signature signature;

  SignatureTest(LocalSystem system) {
    this.system = system;
    this.signature =
        new Signature(String.valueOf(system.environment().get(LocalAccount.SECRET_VARIABLE)));
  }

  /** What the SDK sends to a store. */
  private HttpMessage sent(String endpoint, Calls calls) throws Exception {
    URI target = URI.create(system.environment().get(endpoint));
    try (FaultyWire wire = new FaultyWire(target);
        Aws aws = new Aws(system.environment(), Clock.systemUTC())
            .with(Map.of(endpoint, wire.endpoint().toString()))) {
      calls.make(aws);
      return wire.takeCalls().get(0).request();
    }
  }

  private interface Calls {
    void make(Aws aws);
  }

  private HttpMessage sentToDynamoDb() throws Exception {
    return sent(Aws.DYNAMODB_ENDPOINT, aws -> aws.dynamoDb().listTables());
  }

  private HttpMessage sentToS3() throws Exception {
    String bucket = system.environment().get("UPLOADS_BUCKET");
    return sent(
        Aws.S3_ENDPOINT,
        aws -> aws.s3()
            .putObject(
                put -> put.bucket(bucket)
                    .key("logs/signature/" + unique("file"))
                    .checksumSHA256(Base64.getEncoder().encodeToString(Sha256.of(CONTENT))),
                RequestBody.fromBytes(CONTENT)));
  }

  @Test
  void aRequestOfTheSdkIsSigned() throws Exception {
    assertThat(signature.isValid(sentToDynamoDb())).isTrue();
  }

  @Test
  void aCallOfAFunctionIsSigned() throws Exception {
    FunctionAlias function = new FunctionAlias("GetDevice", "live");
    HttpMessage call =
        sent(Aws.LAMBDA_ENDPOINT, aws -> aws.functionCalls().call(function, AwakeEvent.bytes()));
    assertThat(signature.isValid(call)).isTrue();
    assertThat(call.header("Authorization").orElseThrow())
        .contains("/eu-west-1/lambda/aws4_request");
    assertThat(signature.isValid(call.damagedAt(0))).isFalse();
  }

  @Test
  void theSignatureCoversEachByteOfTheBody() throws Exception {
    HttpMessage request = sentToDynamoDb();
    assertThat(request.body()).isNotEmpty();
    for (int i = 0; i < request.body().length; i++) {
      assertThat(signature.isValid(request.damagedAt(i))).isFalse();
    }
  }

  @Test
  void s3AcceptsAnUploadWhosePayloadIsNotSignedOnlyWithItsChecksum() throws Exception {
    HttpMessage upload = signature.withoutPayload(sentToS3());
    assertThat(upload.body()).isEqualTo(CONTENT);
    assertThat(signature.isValid(upload)).isTrue();
    assertThat(answerOfS3(upload).isSuccess()).isTrue();
    HttpMessage refusal = answerOfS3(upload.damagedAt(1));
    assertThat(refusal.isSuccess()).isFalse();
    assertThat(new String(refusal.body(), UTF_8)).contains("BadDigest");
  }

  private HttpMessage answerOfS3(HttpMessage upload) throws IOException {
    URI s3 = URI.create(system.environment().get(Aws.S3_ENDPOINT));
    return HttpMessage.of(new RemoteStore(s3).answer(Call.of(upload)));
  }
}
