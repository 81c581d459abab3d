package warmfront.control.api.account;

import java.util.Map;
import java.util.function.Supplier;
import warmfront.control.identity.Caller;

/**
 * The one operation of AWS Security Token Service that tools begin with: whose the key is. Query
 * protocol, XML. Thread-safe.
 */
public final class CallerIdentity {
  /** The media type of requests. */
  public static final String FORM = "application/x-www-form-urlencoded";

  /** The media type of answers. */
  public static final String MEDIA_TYPE = "text/xml";

  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final String ACTION = "GetCallerIdentity";
  private static final String VERSION = "2011-06-15";

  private final String account;
  private final Supplier<String> newId;

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param body XML
   */
  public record Answer(int status, String body) {}

  /**
   * Makes the operation.
   *
   * @param account twelve digits
   * @param newId gives a request's id
   */
  public CallerIdentity(String account, Supplier<String> newId) {
    this.account = account;
    this.newId = newId;
  }

  /**
   * Answers a request whose signature is right, whatever its caller may do (STS,
   * "GetCallerIdentity").
   *
   * @param parameters of the form, decoded
   */
  public Answer answer(Caller caller, Map<String, String> parameters) {
    String action = parameters.getOrDefault("Action", "");
    if (!action.equals(ACTION)) {
      return refuse(501, "NotImplemented", "This version has %s alone.".formatted(ACTION));
    }
    if (!parameters.getOrDefault("Version", "").equals(VERSION)) {
      return refuse(400, "NoSuchVersion", "The version of this API is %s.".formatted(VERSION));
    }
    return new Answer(
        200,
        """
        <GetCallerIdentityResponse xmlns="%s">\
        <GetCallerIdentityResult><Arn>%s</Arn><UserId>%s</UserId>\
        <Account>%s</Account></GetCallerIdentityResult>\
        <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>\
        </GetCallerIdentityResponse>\
        """
            .formatted(NAMESPACE, caller.arn(), caller.id(), account, newId.get()));
  }

  /**
   * Returns an error.
   *
   * @param code the API's
   * @param message without characters that XML has a use for; those are taken out
   */
  public Answer refuse(int status, String code, String message) {
    return new Answer(
        status,
        """
        <ErrorResponse xmlns="%s"><Error><Type>Sender</Type><Code>%s</Code>\
        <Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>\
        """
            .formatted(NAMESPACE, code, message.replaceAll("[^ -%'-;=?-~]", ""), newId.get()));
  }
}
