package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.ids.Sha256;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a request of the local account, computed as AWS computes it (Signature Version 4). DynamoDB Local does
 * not look at signatures.
 *
 * @param secret of the account's access key
 */
record Signature(String secret) {
  private static final String AUTHORIZATION = "Authorization";
  private static final String PAYLOAD_HASH = "x-amz-content-sha256";
  private static final String NEW_LINE = "\r\n";
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final Pattern HEADER = Pattern.compile(
      "(AWS4-HMAC-SHA256) Credential=[^/]+/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

  /** Whether the signature is that of the request. */
  boolean isValid(HttpMessage request) {
    Matcher signed = authorization(request);
    return signed
        .group(4)
        .equals(signature(request, signed.group(1), signed.group(2), signed.group(3)));
  }

  /**
   * An upload in the form that it has over TLS, where the SDK does not sign the payload. Without TLS it sends the payload in
   * signed chunks.
   */
  HttpMessage withoutPayload(HttpMessage upload) {
    HttpMessage plain = upload
        .without("Content-Encoding", "x-amz-decoded-content-length")
        .withBody(decoded(upload))
        .with(PAYLOAD_HASH, UNSIGNED);
    Matcher signed = authorization(upload);
    String headers = Arrays.stream(signed.group(3).split(";", -1))
        .filter(name -> plain.header(name).isPresent())
        .collect(Collectors.joining(";"));
    return plain.with(
        AUTHORIZATION,
        signed
            .group()
            .replace(signed.group(3), headers)
            .replace(signed.group(4), signature(plain, signed.group(1), signed.group(2), headers)));
  }

  /** Each chunk has a line with its size, in hexadecimal, and its signature. The last one is empty. */
  private static byte[] decoded(HttpMessage upload) {
    if (!upload.header("Content-Encoding").equals(Optional.of("aws-chunked"))) {
      return upload.body();
    }
    String chunks = new String(upload.body(), ISO_8859_1);
    StringBuilder decoded = new StringBuilder();
    int position = 0;
    while (true) {
      int size = Integer.parseInt(chunks.substring(position, chunks.indexOf(';', position)), 16);
      if (size == 0) {
        return decoded.toString().getBytes(ISO_8859_1);
      }
      int start = chunks.indexOf(NEW_LINE, position) + NEW_LINE.length();
      decoded.append(chunks, start, start + size);
      position = start + size + NEW_LINE.length();
    }
  }

  private static Matcher authorization(HttpMessage request) {
    Matcher header = HEADER.matcher(request.header(AUTHORIZATION).orElse(""));
    if (!header.matches()) {
      throw new IllegalStateException("the SDK is expected to sign each request");
    }
    return header;
  }

  private String signature(
      HttpMessage request, String algorithm, String scope, String signedHeaders) {
    String toSign = String.join(
        "\n",
        algorithm,
        required(request, "X-Amz-Date"),
        scope,
        sha256(canonical(request, scope, signedHeaders).getBytes(UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  /** The SDK sends queries in their canonical form, and paths too for S3. All other services encode a path once more. */
  private static String canonical(HttpMessage request, String scope, String signedHeaders) {
    String[] firstLine = request.head().split("\\s", 3);
    String[] target = firstLine[1].split("\\?", 2);
    String headers = Arrays.stream(signedHeaders.split(";", -1))
        .map(name -> name + ":" + required(request, name).replaceAll(" +", " ") + "\n")
        .collect(Collectors.joining());
    return String.join(
        "\n",
        firstLine[0],
        scope.contains("/s3/") ? target[0] : target[0].replace("%", "%25"),
        target.length > 1 ? target[1] : "",
        headers,
        signedHeaders,
        payloadHash(request));
  }

  /** AWS does not rely on the hash in the header. */
  private static String payloadHash(HttpMessage request) {
    return request
        .header(PAYLOAD_HASH)
        .filter(UNSIGNED::equals)
        .orElseGet(() -> sha256(request.body()));
  }

  private static String required(HttpMessage request, String header) {
    return request.header(header).orElseThrow();
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has HmacSHA256", e);
    }
  }
}
