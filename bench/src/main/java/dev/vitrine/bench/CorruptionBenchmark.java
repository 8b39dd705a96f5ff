package dev.vitrine.bench;

import dev.vitrine.lens.corruption.Corruption;
import dev.vitrine.lens.corruption.Corruptions;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * CPU time of each corruption for a picture of 224×224 on one thread, severity by severity: median of rounds that go through
 * all of them.
 */
public final class CorruptionBenchmark {
    private static final int ROUNDS = 25;
    private static final int SIZE = 224;

    private CorruptionBenchmark() {}

    /** @param arguments the folder {@code shared} */
    public static void main(String[] arguments) {
        Path photos = Path.of(arguments[0]).resolve("data/photos");
        List<Picture> pictures = Stream.of("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg")
                .map(name -> Preprocessing.imagenet(SIZE).view(PictureReader.read(photos.resolve(name))))
                .toList();
        int severities = Corruption.SEVERITIES;
        double[][] times = new double[Corruptions.ALL.size() * severities][ROUNDS];
        for (int round = -ROUNDS / 3; round < ROUNDS; round++) {
            for (int at = 0; at < times.length; at++) {
                double taken = milliseconds(Corruptions.ALL.get(at / severities), 1 + at % severities, pictures, round);
                if (round >= 0) {
                    times[at][round] = taken;
                }
            }
        }
        System.out.println("| corruption | 1 | 2 | 3 | 4 | 5 | mean ms | pictures/s |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (int corruption = 0; corruption < Corruptions.ALL.size(); corruption++) {
            StringBuilder row =
                    new StringBuilder("| `" + Corruptions.ALL.get(corruption).id() + "` |");
            double sum = 0;
            for (int severity = 0; severity < severities; severity++) {
                double[] rounds = times[corruption * severities + severity];
                Arrays.sort(rounds);
                row.append(String.format(Locale.ROOT, " %.1f |", rounds[ROUNDS / 2]));
                sum += rounds[ROUNDS / 2];
            }
            double mean = sum / severities;
            System.out.println(row + String.format(Locale.ROOT, " %.1f | %.0f |", mean, 1000 / mean));
        }
    }

    private static double milliseconds(Corruption corruption, int severity, List<Picture> pictures, long seed) {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (Picture picture : pictures) {
            corruption.apply(picture, severity, seed);
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun) / 1e6 / pictures.size();
    }
}
