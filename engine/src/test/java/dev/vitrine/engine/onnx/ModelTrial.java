package dev.vitrine.engine.onnx;

import dev.vitrine.engine.VitrineException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The long run of damaged models: {@code ModelTrial FIRST_SEED COUNT}. A process of its own tries them one after the
 * other, so that the trial outlives a crash; the next process goes on with the seed behind it. Every outcome but an
 * answer and a {@link VitrineException} is printed with its seed.
 */
final class ModelTrial {
    private static final Duration MOST_PROCESSOR_TIME = Duration.ofSeconds(10);
    private static final long MOST_KILOBYTES = 2 << 20;
    private static final String BEGUN = "@begun";
    private static final String ENDED = "@ended:";

    private final Map<String, Long> outcomes = new TreeMap<>();
    private long largest;

    private ModelTrial() {}

    /** Runs the trial, or with a third argument the process in which damaged models are tried. */
    public static void main(String[] args) throws Exception {
        long first = Long.parseLong(args[0]);
        long count = Long.parseLong(args[1]);
        if (args.length > 2) {
            tryEach(first, first + count);
        } else {
            new ModelTrial().supervise(first, first + count);
        }
    }

    private static void tryEach(long first, long end) throws IOException {
        List<MutationTest.Original> originals = MutationTest.originals();
        for (long seed = first; seed < end; seed++) {
            System.out.println(BEGUN);
            String outcome;
            try {
                MutationTest.run(Mutants.of(
                        originals.get((int) (seed % originals.size())).model(), seed));
                outcome = "answer";
            } catch (VitrineException named) {
                boolean good =
                        !named.getMessage().isBlank() && named.getMessage().length() < 3000;
                outcome = good
                        ? "refused"
                        : "unclear message of " + named.getMessage().length() + " characters";
            } catch (Throwable other) {
                outcome = other.toString().lines().findFirst().orElse("?");
            }
            System.out.println(ENDED + peakKilobytes() + " " + outcome);
        }
    }

    private static long peakKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private void supervise(long first, long end) throws Exception {
        long seed = first;
        while (seed < end) {
            seed = superviseProcess(seed, end);
        }
        System.out.printf(
                Locale.ROOT, "%d models: %s, at most %d MB in a process%n", end - first, outcomes, largest / 1024);
    }

    /** The first seed that the process has not tried. */
    private long superviseProcess(long first, long end) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ModelTrial.class.getName()));
        command.addAll(List.of(Long.toString(first), Long.toString(end - first), "process"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Watch watch = new Watch(process);
        long seed = first;
        boolean large = false;
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(BEGUN)) {
                    watch.restart();
                } else if (line.startsWith(ENDED)) {
                    int space = line.indexOf(' ');
                    count(line.substring(space + 1), seed++);
                    long kilobytes = Long.parseLong(line.substring(ENDED.length(), space));
                    largest = Math.max(largest, kilobytes);
                    if (kilobytes > MOST_KILOBYTES) {
                        large = true;
                        count("more than 2 GB", seed - 1);
                        process.destroyForcibly();
                        break;
                    }
                }
            }
        }
        process.waitFor();
        watch.interrupt();
        if (process.exitValue() != 0 && !large) {
            count(watch.hung ? "hang" : "crash " + process.exitValue(), seed++);
        }
        return seed;
    }

    private void count(String outcome, long seed) {
        outcomes.merge(outcome, 1L, Long::sum);
        if (!outcome.equals("answer") && !outcome.equals("refused")) {
            System.out.println("seed " + seed + ": " + outcome);
        }
    }

    /** Ends a process that takes too much processor time over one model. */
    private static final class Watch extends Thread {
        private final Process process;
        private volatile Duration since = Duration.ZERO;
        private volatile boolean hung;

        Watch(Process process) {
            this.process = process;
            setDaemon(true);
            restart();
            start();
        }

        void restart() {
            since = used();
        }

        private Duration used() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }

        @Override
        public void run() {
            try {
                while (!process.waitFor(500, TimeUnit.MILLISECONDS)) {
                    if (used().minus(since).compareTo(MOST_PROCESSOR_TIME) > 0) {
                        hung = true;
                        process.destroyForcibly();
                    }
                }
            } catch (InterruptedException done) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
