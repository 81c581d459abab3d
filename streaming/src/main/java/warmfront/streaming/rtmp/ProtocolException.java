package warmfront.streaming.rtmp;

/**
 * A peer broke the protocol or a limit, after which nothing it sends can be understood. Has no
 * trace, because peers may cause it as often as they like.
 */
final class ProtocolException extends Exception {
  private static final long serialVersionUID = 1;

  ProtocolException(String reason) {
    super(reason, null, false, false);
  }
}
