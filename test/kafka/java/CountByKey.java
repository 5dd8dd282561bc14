import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts the events of one type in a Hindcast topic by record key, with Kafka Streams and nothing of Hindcast. Prints "key
 * count" lines when it has counted as many as it was told to expect.
 *
 * Arguments: brokers, topic, event type, folder for state, number of events.
 */
public final class CountByKey {
    private static final long DEADLINE_MS = 60_000;

    public static void main(String[] arguments) throws InterruptedException {
        String type = arguments[2];
        long expected = Long.parseLong(arguments[4]);
        Map<String, Long> counts = new ConcurrentHashMap<>();
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(arguments[1], Consumed.with(Serdes.String(), Serdes.String()))
            .processValues(() -> new OfType(type))
            .groupByKey()
            .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts").withCachingDisabled())
            .toStream()
            .foreach(counts::put);
        Properties settings = new Properties();
        settings.put("application.id", "count-" + arguments[1]);
        settings.put("bootstrap.servers", arguments[0]);
        settings.put("state.dir", arguments[3]);
        settings.put("auto.offset.reset", "earliest");
        settings.put("default.key.serde", Serdes.StringSerde.class);
        settings.put("default.value.serde", Serdes.StringSerde.class);
        settings.put("commit.interval.ms", "100");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            long deadline = System.currentTimeMillis() + DEADLINE_MS;
            while (sum(counts) < expected && System.currentTimeMillis() < deadline) Thread.sleep(20);
        }
        counts.forEach((key, count) -> System.out.println(key + " " + count));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Lets through the events whose CloudEvents header ce_type is the one wanted. */
    private static final class OfType implements FixedKeyProcessor<String, String, String> {
        private final String type;
        private FixedKeyProcessorContext<String, String> context;

        OfType(String type) {
            this.type = type;
        }

        @Override
        public void init(FixedKeyProcessorContext<String, String> given) {
            context = given;
        }

        @Override
        public void process(FixedKeyRecord<String, String> event) {
            Header header = event.headers().lastHeader("ce_type");
            if (header != null && new String(header.value(), StandardCharsets.UTF_8).equals(type))
                context.forward(event);
        }
    }
}
