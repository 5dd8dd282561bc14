import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Scanner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Prints the partition that Kafka's own producer chooses for each line "base64 of the key, number of partitions". */
public final class Partitions {
    public static void main(String[] arguments) {
        StringBuilder output = new StringBuilder();
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
        while (lines.hasNextLine()) {
            String[] line = lines.nextLine().split(" ");
            byte[] key = Base64.getDecoder().decode(line[0]);
            output.append(BuiltInPartitioner.partitionForKey(key, Integer.parseInt(line[1]))).append('\n');
        }
        System.out.print(output);
    }
}
