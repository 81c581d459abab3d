package warmfront.bench;

/** The command line asks for something that is not there. */
final class UsageException extends Exception {
  UsageException(String why) {
    super(why);
  }
}
