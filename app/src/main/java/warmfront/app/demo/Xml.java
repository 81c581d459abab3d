package warmfront.app.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few documents that the demo sends to the API, and the few words it reads out of answers. */
public final class Xml {
  private static final String SPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

  /** CloudFront's managed policies CachingOptimized and CachingDisabled, by their published ids. */
  private static final String OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

  private static final String DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

  private Xml() {}

  /**
   * Returns a distribution's configuration: the site from a bucket, {@code /api/*} from a server,
   * {@code /uploads/*} into the bucket.
   *
   * @param reference the caller's, unique
   * @param bucket the bucket's domain name
   * @param accessControl the id of an origin access control, by which uploads are signed
   * @param server the server's domain name
   * @param port the server's port
   */
  public static String distribution(
      String reference, String bucket, String accessControl, String server, int port) {
    return """
    <DistributionConfig xmlns="%s">
      <CallerReference>%s</CallerReference>
      <Comment>The demo's site</Comment>
      <Enabled>true</Enabled>
      <DefaultRootObject>index.html</DefaultRootObject>
      <Origins><Quantity>3</Quantity><Items>
        <Origin><Id>site</Id><DomainName>%s</DomainName>
          <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin>
        <Origin><Id>api</Id><DomainName>%s</DomainName>
          <CustomOriginConfig><HTTPPort>%d</HTTPPort><HTTPSPort>443</HTTPSPort>
            <OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig></Origin>
        <Origin><Id>uploads</Id><DomainName>%s</DomainName>
          <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>
          <OriginAccessControlId>%s</OriginAccessControlId></Origin>
      </Items></Origins>
      <DefaultCacheBehavior>
        <TargetOriginId>site</TargetOriginId>
        <ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>
        <CachePolicyId>%s</CachePolicyId>
      </DefaultCacheBehavior>
      <CacheBehaviors><Quantity>2</Quantity><Items>
        <CacheBehavior><PathPattern>/api/*</PathPattern>
          <TargetOriginId>api</TargetOriginId>
          <ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>
          <CachePolicyId>%s</CachePolicyId>
        </CacheBehavior>
        <CacheBehavior><PathPattern>/uploads/*</PathPattern>
          <TargetOriginId>uploads</TargetOriginId>
          <ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy>
          <AllowedMethods><Quantity>7</Quantity><Items>
            <Method>GET</Method><Method>HEAD</Method><Method>OPTIONS</Method><Method>PUT</Method>
            <Method>PATCH</Method><Method>POST</Method><Method>DELETE</Method>
          </Items></AllowedMethods>
          <CachePolicyId>%s</CachePolicyId>
        </CacheBehavior>
      </Items></CacheBehaviors>
    </DistributionConfig>
    """
        .formatted(
            SPACE,
            reference,
            bucket,
            server,
            port,
            bucket,
            accessControl,
            OPTIMIZED,
            DISABLED,
            DISABLED);
  }

  /** Returns an origin access control that signs every request to a bucket. */
  public static String accessControl(String name) {
    return """
    <OriginAccessControlConfig xmlns="%s">
      <Name>%s</Name>
      <SigningProtocol>sigv4</SigningProtocol>
      <SigningBehavior>always</SigningBehavior>
      <OriginAccessControlOriginType>s3</OriginAccessControlOriginType>
    </OriginAccessControlConfig>
    """
        .formatted(SPACE, name);
  }

  /**
   * Returns a streaming distribution's configuration.
   *
   * @param reference the caller's, unique
   * @param bucket the bucket's domain name
   */
  public static String streamingDistribution(String reference, String bucket) {
    return """
    <StreamingDistributionConfig xmlns="%s">
      <CallerReference>%s</CallerReference>
      <S3Origin><DomainName>%s</DomainName>
        <OriginAccessIdentity></OriginAccessIdentity></S3Origin>
      <Comment>The demo's video</Comment>
      <TrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></TrustedSigners>
      <Enabled>true</Enabled>
    </StreamingDistributionConfig>
    """
        .formatted(SPACE, reference, bucket);
  }

  /** Returns an invalidation of these paths. */
  public static String invalidation(String reference, String path) {
    return """
    <InvalidationBatch xmlns="%s">
      <Paths><Quantity>1</Quantity><Items><Path>%s</Path></Items></Paths>
      <CallerReference>%s</CallerReference>
    </InvalidationBatch>
    """
        .formatted(SPACE, path, reference);
  }

  /** Returns the text of the first element of this name; empty if there is none. */
  public static String first(String document, String name) {
    Matcher found = Pattern.compile("<%s>([^<]*)</%s>".formatted(name, name)).matcher(document);
    return found.find() ? found.group(1) : "";
  }
}
