package io.fleetwell.aws;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Synchronous calls of functions. The SDK's client of Lambda would add 3.4 MB to the package of every function, so this
 * class makes its only request itself. The SDK signs it.
 */
public final class FunctionCalls implements AutoCloseable {
  /** The longest time for a call. It exceeds the time of every function that is called, and of a restore. */
  public static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

  private static final String SERVICE = "lambda";

  /** Lambda answers 200 for a call that the function failed, with this header. */
  private static final String FUNCTION_ERROR = "X-Amz-Function-Error";

  private final URI endpoint;
  private final String region;
  private final AwsCredentialsProvider credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final SdkHttpClient http;

  FunctionCalls(
      URI endpoint, String region, AwsCredentialsProvider credentials, Duration connectTimeout) {
    this.endpoint = endpoint;
    this.region = region;
    this.credentials = credentials;
    this.http = UrlConnectionHttpClient.builder()
        .connectionTimeout(connectTimeout)
        .socketTimeout(CALL_TIMEOUT)
        .build();
  }

  /** The address of Lambda in a region. */
  static URI endpointIn(String region) {
    return URI.create("https://" + ServiceMetadata.of(SERVICE).endpointFor(Region.of(region)));
  }

  /** Calls a function once. Returns why it did not answer; empty if it did. */
  public Optional<String> call(FunctionAlias function, byte[] event) {
    try {
      SdkHttpResponse answer = send(signed(request(function), event));
      if (!answer.isSuccessful()) {
        return Optional.of("%d %s"
            .formatted(
                answer.statusCode(),
                answer.firstMatchingHeader("x-amzn-ErrorType").orElse("")));
      }
      return answer.firstMatchingHeader(FUNCTION_ERROR);
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private SdkHttpRequest request(FunctionAlias function) {
    return SdkHttpRequest.builder()
        .uri(endpoint)
        .method(SdkHttpMethod.POST)
        .encodedPath("%s/2015-03-31/functions/%s/invocations"
            .formatted(endpoint.getPath(), SdkHttpUtils.urlEncode(function.toString())))
        .putHeader("Content-Type", "application/json")
        .build();
  }

  private SignedRequest signed(SdkHttpRequest request, byte[] event) {
    return signer.sign(it -> it.identity(credentials.resolveCredentials())
        .request(request)
        .payload(ContentStreamProvider.fromByteArray(event))
        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
        .putProperty(AwsV4HttpSigner.REGION_NAME, region));
  }

  private SdkHttpResponse send(SignedRequest signed) throws IOException {
    HttpExecuteRequest.Builder request = HttpExecuteRequest.builder().request(signed.request());
    signed.payload().ifPresent(request::contentStreamProvider);
    HttpExecuteResponse answer = http.prepareRequest(request.build()).call();
    if (answer.responseBody().isPresent()) {
      answer.responseBody().get().close();
    }
    return answer.httpResponse();
  }

  @Override
  public void close() {
    http.close();
  }
}
