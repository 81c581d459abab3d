/**
 * Signatures of requests: AWS Signature Version 4, and CloudFront's signed URLs and stream names.
 *
 * <p>{@link warmfront.signing.SigV4} signs, {@link warmfront.signing.SigV4Verifier} judges; both
 * are pure, the time is an argument. What is signed is the canonical request: method, path, query,
 * the signed fields and the hash of the payload, each in the one form that both sides can make from
 * what is on the wire.
 *
 * <p>{@link warmfront.signing.UrlVerifier} judges what a viewer shows by which it may have an
 * object: a policy and a public key's signature.
 */
@NullMarked
package warmfront.signing;

import org.jspecify.annotations.NullMarked;
