package warmfront.control.api;

/**
 * What the names that the API gives out are made of.
 *
 * @param zone the DNS zone of distributions' own names, lower case, without a dot at its end
 * @param account twelve digits, in every ARN
 */
public record Site(String zone, String account) {
  public Site {
    if (!account.matches("[0-9]{12}")) {
      throw new IllegalArgumentException("an account is twelve digits: " + account);
    }
    if (!zone.matches("[a-z0-9-]+(\\.[a-z0-9-]+)*")) {
      throw new IllegalArgumentException("a zone is a lower-case DNS name: " + zone);
    }
  }

  /** Returns the ARN of a distribution. */
  String distributionArn(String id) {
    return "arn:aws:cloudfront::%s:distribution/%s".formatted(account, id);
  }
}
