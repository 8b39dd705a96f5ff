package dev.vitrine.app.study;

import dev.vitrine.app.terminal.ProgressLine;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Overview;
import dev.vitrine.study.Parts;
import dev.vitrine.study.Report;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.StudyReport;
import dev.vitrine.study.Watcher;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs a study for a command: shows progress, stops on Ctrl-C, reports what is skipped, keeps finished parts in the
 * output folder, and writes the report.
 */
public final class StudyRun {
    private static final int DONE = 0;
    private static final int INCOMPLETE = 1;

    /** For a study that opens its own networks. */
    public static final Function<Model, ModelSession> NO_SESSION = model -> {
        throw new IllegalStateException("the study of '" + model.name() + "' has no session");
    };

    private final Terminal terminal;
    private final Stop stop;
    private final Path out;
    private final Parts parts;

    /**
     * @param out the output folder, locked by the command
     */
    public StudyRun(Terminal terminal, Stop stop, Path out) {
        this.terminal = terminal;
        this.stop = stop;
        this.out = out;
        this.parts = Parts.in(out.resolve("unfinished"), Version.maker());
    }

    /**
     * For one of several studies that share an output folder.
     *
     * @param name distinguishes it from the others
     */
    public StudyRun(Terminal terminal, Stop stop, Path out, String name) {
        this.terminal = terminal;
        this.stop = stop;
        this.out = out;
        this.parts = Parts.in(out.resolve("unfinished-" + name), Version.maker());
    }

    /** For work outside the study, such as drawing. */
    public Watcher watcher() {
        return new Line(partial -> {});
    }

    /** Other work with progress. */
    public <T> T watched(String work, Function<Watcher, T> task) {
        Watcher watcher = watcher();
        watcher.begin(work, 1);
        try {
            return task.apply(watcher);
        } finally {
            watcher.end();
        }
    }

    /** Runs a study of one network. */
    public <R> int of(ModelSession session, Study<R> study, Report<R> report, Consumer<R> summary) {
        return of(model -> session, study, report, summary);
    }

    /**
     * The exit status: 1 if the result is incomplete.
     *
     * @param summary prints a summary of the result, below the names of the files
     */
    public <R> int of(Function<Model, ModelSession> sessions, Study<R> study, Report<R> report, Consumer<R> summary) {
        Outcome<R> outcome = ended(
                study, new StudyContext(sessions, new Line(partial -> {}), parts, Cadence::brisk, OptionalInt.empty()));
        return reported(outcome, report.write(outcome, out), () -> summary.accept(outcome.result()));
    }

    /** Runs a study of one network whose report has an overview. */
    public <R> int of(ModelSession session, Study<R> study, Function<Outcome<R>, StudyReport> report) {
        return of(model -> session, study, report);
    }

    /** Returns the exit status, as above. */
    public <R> int of(
            Function<Model, ModelSession> sessions, Study<R> study, Function<Outcome<R>, StudyReport> reports) {
        Line line = new Line(partial -> write(study, partial, reports));
        Outcome<R> outcome = ended(study, new StudyContext(sessions, line, parts, Cadence::brisk, OptionalInt.empty()));
        StudyReport report = reports.apply(outcome);
        return reported(outcome, report.write(out), () -> print(report.overview()));
    }

    /** A partial result has the same type as the final one. */
    @SuppressWarnings({"unchecked", "unused"})
    private <R> void write(Study<R> study, Outcome<?> partial, Function<Outcome<R>, StudyReport> reports) {
        reports.apply((Outcome<R>) partial).write(out);
    }

    private <R> Outcome<R> ended(Study<R> study, StudyContext context) {
        try {
            return study.run(context);
        } catch (CancellationException asked) {
            stop.noticed();
            terminal.err().println("Stopped before there were any results. Run the same command to resume.");
            throw asked;
        }
    }

    private void print(Overview overview) {
        overview.before().forEach(sentence -> terminal.out().println("  " + sentence));
        Table.of(overview.table())
                .lines(terminal.columns())
                .forEach(line -> terminal.out().println("  " + line));
        overview.after().forEach(sentence -> terminal.out().println("  " + sentence));
    }

    private int reported(Outcome<?> outcome, List<Path> files, Runnable summary) {
        if (outcome.isPartial()) {
            stop.noticed();
        }
        files.forEach(file -> terminal.out().println(file));
        summary.run();
        if (outcome.isPartial()) {
            terminal.err()
                    .println("Stopped after " + outcome.missing().get() + ". The results so far are in " + out
                            + ", marked as partial."
                            + (parts.areUsed() ? " Run the same command to resume." : ""));
            throw new CancellationException("stopped");
        }
        parts.remove();
        return outcome.unreadable().isEmpty() ? DONE : INCOMPLETE;
    }

    private final class Line implements Watcher {
        private final ProgressLine line = new ProgressLine(terminal, 1);
        private long reported;
        private long whole = 1;
        private final Consumer<Outcome<?>> soFar;

        Line(Consumer<Outcome<?>> soFar) {
            this.soFar = soFar;
        }

        @Override
        public void begin(String work, double share) {
            reported = 0;
            whole = 1;
            line.begin(work, share);
        }

        @Override
        public void report(long done, long total) {
            stop.check();
            reported = done;
            whole = total;
            line.report(done, total);
        }

        @Override
        public void within(long done, long total) {
            stop.check();
            line.report(reported * total + done, whole * total);
        }

        @Override
        public void end() {
            line.end();
        }

        @Override
        public void leftOut(String problem) {
            line.end();
            terminal.err().println("vitrine: " + problem);
        }

        @Override
        public void note(String sentence) {
            line.end();
            terminal.err().println("note: " + sentence);
        }

        @Override
        public void stopping() {
            stop.noticed();
        }

        @Override
        public void known(Outcome<?> partial) {
            soFar.accept(partial);
        }

        @Override
        public void check() {
            stop.check();
        }
    }
}
