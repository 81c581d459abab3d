package warmfront.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import warmfront.signing.Permission.Reason;
import warmfront.signing.RightSignatures.Seen;

/**
 * Judges signed URLs and stream names as CloudFront does: canned and custom policies, signed with
 * RSA (PKCS #1 v1.5) or ECDSA. Pure but for the keys it is given and its memory of signatures that
 * were right; thread-safe if the keys are.
 *
 * <p>A canned policy is never sent: it is made of the resource and the time, and stands if its
 * signature does. A custom one is read only once its signature was found right, so whoever has no
 * key reaches no parser. Judging costs at most four verifications, none if that very signature was
 * right before; time, address and resource are judged each time.
 */
public final class UrlVerifier {
  /** Signatures that are remembered, twice: 100 bytes each. */
  private static final int REMEMBERED_MAX = 4_096;

  private final Function<String, Optional<PublicKey>> keys;
  private final RightSignatures right = new RightSignatures(REMEMBERED_MAX);

  /**
   * Makes a verifier.
   *
   * @param keys gives the key of an id, empty if that one may not sign
   */
  public UrlVerifier(Function<String, Optional<PublicKey>> keys) {
    this.keys = keys;
  }

  /**
   * Judges what a viewer presented.
   *
   * @param resource what the viewer asks for
   * @param viewer from where
   * @param now when: a signature that runs out later ends nothing that has begun
   */
  public Permission verify(
      Presented presented, SignedResource resource, InetAddress viewer, Instant now) {
    return switch (presented) {
      case Presented.Nothing _ -> refused(Reason.MISSING, "it has to be signed");
      case Presented.Malformed(String reason) -> refused(Reason.MALFORMED, reason);
      case Presented.Canned canned -> canned(canned, resource, now);
      case Presented.Custom custom -> custom(custom, resource, viewer, now);
    };
  }

  /**
   * Returns whether to judge takes long, a third of a millisecond and more: a signature by ECDSA
   * that is not known to be right.
   */
  public boolean takesLong(Presented presented, SignedResource resource) {
    return switch (presented) {
      case Presented.Nothing _, Presented.Malformed _ -> false;
      case Presented.Canned(Presented.Seal seal, long expires) ->
          takesLong(
              seal,
              resource.names().stream().map(name -> cannedPolicy(name, expires).getBytes(UTF_8)));
      case Presented.Custom(Presented.Seal seal, String policy) ->
          takesLong(seal, decode(policy).stream());
    };
  }

  private boolean takesLong(Presented.Seal seal, Stream<byte[]> policies) {
    Optional<PublicKey> key = keys.apply(seal.keyId()).filter(UrlVerifier::isOfCurve);
    Optional<byte[]> signature = decode(seal.signature());
    return key.isPresent()
        && signature.isPresent()
        && policies.noneMatch(
            policy -> right.has(seen(seal.hash(), key.get(), signature.get(), policy)));
  }

  private static boolean isOfCurve(PublicKey key) {
    return key.getAlgorithm().equals("EC");
  }

  private static Seen seen(Presented.Hash hash, PublicKey key, byte[] signature, byte[] policy) {
    return Seen.of(hash.name().getBytes(UTF_8), key.getEncoded(), signature, policy);
  }

  private Permission canned(Presented.Canned canned, SignedResource resource, Instant now) {
    if (AccessPolicy.isOver(canned.expires(), now)) {
      return refused(Reason.EXPIRED, "it was valid until " + canned.expires());
    }
    String keyId = canned.seal().keyId();
    Optional<PublicKey> key = keys.apply(keyId);
    Optional<byte[]> signature = decode(canned.seal().signature());
    if (key.isEmpty() || signature.isEmpty()) {
      return unusable(keyId, key);
    }
    for (String name : resource.names()) {
      byte[] policy = cannedPolicy(name, canned.expires()).getBytes(UTF_8);
      if (isRight(canned.seal().hash(), key.get(), signature.get(), policy)) {
        return new Permission.Granted(keyId);
      }
    }
    return refused(Reason.SIGNATURE, "the signature is not of the key %s".formatted(keyId));
  }

  /** Returns the policy that is signed when none is sent; without white space, as CloudFront's. */
  public static String cannedPolicy(String resource, long expires) {
    return ("{\"Statement\":[{\"Resource\":\"%s\",\"Condition\":{\"DateLessThan\":"
            + "{\"AWS:EpochTime\":%d}}}]}")
        .formatted(resource, expires);
  }

  private Permission custom(
      Presented.Custom custom, SignedResource resource, InetAddress viewer, Instant now) {
    String keyId = custom.seal().keyId();
    Optional<PublicKey> key = keys.apply(keyId);
    Optional<byte[]> signature = decode(custom.seal().signature());
    Optional<byte[]> policy = decode(custom.policy());
    if (key.isEmpty() || signature.isEmpty() || policy.isEmpty()) {
      return unusable(keyId, key);
    }
    if (!isRight(custom.seal().hash(), key.get(), signature.get(), policy.get())) {
      return refused(Reason.SIGNATURE, "the signature is not of the key %s".formatted(keyId));
    }
    try {
      return AccessPolicy.parse(new String(policy.get(), UTF_8))
          .objection(resource, viewer, now)
          .<Permission>map(reason -> refused(reason, "the policy does not allow it"))
          .orElseGet(() -> new Permission.Granted(keyId));
    } catch (IllegalArgumentException malformed) {
      return refused(Reason.MALFORMED, "the policy is none: " + malformed.getMessage());
    }
  }

  private static Permission unusable(String keyId, Optional<PublicKey> key) {
    return key.isEmpty()
        ? refused(Reason.UNKNOWN_KEY, "no key %s may sign".formatted(keyId))
        : refused(Reason.MALFORMED, "the signature or policy is not in Base64");
  }

  private boolean isRight(Presented.Hash hash, PublicKey key, byte[] signature, byte[] policy) {
    Seen seen = seen(hash, key, signature, policy);
    if (right.has(seen)) {
      return true;
    }
    boolean isRight = verify(hash, key, signature, policy);
    if (isRight) {
      right.add(seen);
    }
    return isRight;
  }

  private static boolean verify(
      Presented.Hash hash, PublicKey key, byte[] signature, byte[] policy) {
    String algorithm = isOfCurve(key) ? "ECDSA" : key.getAlgorithm();
    try {
      Signature verification = Signature.getInstance(hash + "with" + algorithm);
      verification.initVerify(key);
      verification.update(policy);
      return verification.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }

  /** Signers put {@code - _ ~} in the place of what has a meaning in a URL. */
  private static Optional<byte[]> decode(String text) {
    try {
      String plain = text.replace('-', '+').replace('_', '=').replace('~', '/');
      return Optional.of(Base64.getDecoder().decode(plain));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Permission.Refused refused(Reason reason, String message) {
    return new Permission.Refused(reason, message);
  }
}
