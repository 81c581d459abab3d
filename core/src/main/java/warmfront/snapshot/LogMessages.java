package warmfront.snapshot;

import com.google.protobuf.Message;
import warmfront.distribution.LogDeliveries;
import warmfront.distribution.LogDeliveries.Delivery;
import warmfront.distribution.LogDeliveries.Format;

/** What deliveries of access logs have in the log, from records to protobuf and back. */
final class LogMessages {
  private LogMessages() {}

  static LogDeliveries read(warmfront.snapshot.wire.LogDeliveries from) {
    return new LogDeliveries(
        from.getId(),
        from.getDeliveriesList().stream()
            .map(one ->
                new Delivery(
                    one.getBucket(),
                    one.getPath(),
                    Format.valueOf(one.getFormat().getValueDescriptor().getName()),
                    one.getFieldsList(),
                    one.getDelimiter()))
            .toList());
  }

  static Message write(LogDeliveries from) {
    warmfront.snapshot.wire.LogDeliveries.Builder to =
        warmfront.snapshot.wire.LogDeliveries.newBuilder().setId(from.id());
    for (Delivery one : from.deliveries()) {
      to.addDeliveriesBuilder()
          .setBucket(one.bucket())
          .setPath(one.path())
          .setFormat(warmfront.snapshot.wire.LogDeliveries.Format.valueOf(one.format().name()))
          .addAllFields(one.fields())
          .setDelimiter(one.delimiter());
    }
    return to.build();
  }
}
