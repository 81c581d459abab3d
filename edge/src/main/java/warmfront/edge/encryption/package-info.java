/**
 * Fields of forms that only the application may read: they are encrypted here, on their way to the
 * origin.
 *
 * <p>A behavior with field-level encryption has a look at the body of each POST and PUT
 * (CloudFront, "Use field-level encryption to help protect sensitive data"). {@link
 * warmfront.edge.encryption.Choice} says by which profile, or that the request goes on as it is, or
 * not at all. A form that is to be encrypted is read into memory as a whole, which is why it may
 * have 1 MiB at most, and rewritten by {@link warmfront.edge.encryption.Form}: each field that the
 * profile names becomes a message of its own, in the format of the AWS Encryption SDK ({@link
 * warmfront.edge.encryption.EncryptedMessage}), in Base64. What the edge encrypts it cannot read
 * again: it has the public key alone.
 */
@NullMarked
package warmfront.edge.encryption;

import org.jspecify.annotations.NullMarked;
