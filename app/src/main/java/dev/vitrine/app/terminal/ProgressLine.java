package dev.vitrine.app.terminal;

import dev.vitrine.lens.attribution.Progress;
import java.time.Duration;
import java.util.Locale;

/** A progress line with the estimated remaining time; silent unless output is interactive. */
public final class ProgressLine implements Progress {
    private static final long NANOS_BETWEEN = 100_000_000;

    private final Terminal terminal;
    private final double total;
    private final long start = System.nanoTime();
    private double before;
    private double share;
    private String label = "";
    private long shown;

    /**
     * @param total sum of the shares passed to {@link #begin}
     */
    public ProgressLine(Terminal terminal, double total) {
        this.terminal = terminal;
        this.total = total;
    }

    /** A line for a single piece of work. */
    public static ProgressLine of(String label, Terminal terminal) {
        ProgressLine line = new ProgressLine(terminal, 1);
        line.begin(label, 1);
        return line;
    }

    /** Starts the next piece of work, {@code share} of the total. */
    public void begin(String newLabel, double newShare) {
        before += share;
        share = newShare;
        label = newLabel;
        show(0);
    }

    /** Changes the description of the current work. */
    public void label(String newLabel) {
        label = newLabel;
    }

    @Override
    public void report(long done, long all) {
        show((double) done / Math.max(1, all));
    }

    private void show(double part) {
        long now = System.nanoTime();
        if (terminal.liveliness() == Terminal.Liveliness.QUIET || now - shown < NANOS_BETWEEN) {
            return;
        }
        shown = now;
        double done = Math.min(1, (before + share * part) / total);
        double left = (now - start) / 1e9 * (1 - done) / Math.max(done, 1e-3);
        String rest = done < 0.02 ? "" : ", " + duration(left) + " left";
        terminal.status(String.format(Locale.ROOT, "%3.0f %%%s  %s", 100 * done, rest, label));
    }

    /** Erases the line. */
    public void end() {
        if (terminal.liveliness() == Terminal.Liveliness.WATCHED) {
            terminal.status("");
        }
    }

    private static String duration(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toMinutes() > 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toSeconds() + " s";
    }
}
