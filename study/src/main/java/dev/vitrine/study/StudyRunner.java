package dev.vitrine.study;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Cadence;
import dev.vitrine.lens.store.PartStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a survey: folds its batches in order, records unreadable pictures, stores finished parts, resumes from stored
 * parts, and returns what is finished if stopped.
 */
final class StudyRunner<P, R> {
    private static final String DONE = "pictures";

    /**
     * The result for the first pictures, folded in order, so that a resumed run gives the same bytes.
     *
     * @param told empty if none of them could be read
     */
    record Stretch<P>(int pictures, SortedMap<Integer, String> unreadable, Optional<P> told) {}

    private final Survey<P, R> survey;
    private final StudyContext context;
    private final Model model;
    private final int all;
    private final SortedMap<Integer, String> unreadable = new TreeMap<>();
    private Optional<P> told = Optional.empty();
    private Optional<P> begun = Optional.empty();
    private int done;
    private int kept;

    StudyRunner(Survey<P, R> survey, StudyContext context) {
        this.survey = survey;
        this.context = context;
        this.model = survey.model();
        this.all = survey.pictures().size();
    }

    Outcome<R> run() {
        Optional<PartStore> store =
                context.parts().areKept() ? context.parts().of(survey.question()) : Optional.empty();
        store.ifPresent(this::goOn);
        boolean stopped = false;
        if (done < all) {
            context.watcher().begin("pictures", 1);
            try {
                look(store);
            } catch (CancellationException asked) {
                stopped = true;
                context.watcher().stopping();
                store.ifPresent(this::keep);
                told = merged(told, begun);
                if (told.isEmpty()) {
                    throw asked;
                }
            } finally {
                context.watcher().end();
            }
            if (!stopped && told.isPresent()) {
                store.ifPresent(this::keep);
            }
        }
        if (told.isEmpty()) {
            throw VitrineException.failure("None of the " + all
                    + " pictures could be read; expected at least one. The first: "
                    + unreadable.values().iterator().next());
        }
        R result = survey.finish(told.get(), new Survey.Seen(done - unreadable.size(), unreadable.size(), all));
        return new Outcome<>(
                result,
                List.copyOf(unreadable.values()),
                stopped ? Optional.of(done + " of " + all + " pictures") : Optional.empty());
    }

    private void look(Optional<PartStore> store) {
        ModelSession session = context.session(model);
        int most = Math.min(survey.batch(session), context.largestBatch().orElse(Integer.MAX_VALUE));
        int size = model.batch().isFixed() ? (int) model.batch().size() : Math.max(1, Math.min(most, all));
        Cadence cadence = context.cadence().get();
        try (Survey.Look<P> look = survey.open(session, size);
                BatchReader batches = new BatchReader(model, survey.pictures(), survey.need(), size, done)) {
            while (batches.hasNext()) {
                context.watcher().check();
                Batch batch = batches.next();
                Optional<P> part = batch.items().isEmpty() ? Optional.empty() : at(batch, look);
                look.passed(batch);
                take(part, batch.end(), batch.unreadable());
                context.watcher().report(done, all);
                store.ifPresent(parts -> cadence.pass(() -> keep(parts)));
            }
        }
    }

    private Optional<P> at(Batch batch, Survey.Look<P> look) {
        try {
            return told(batch, look);
        } catch (CancellationException asked) {
            begun = look.begun();
            throw asked;
        }
    }

    /** If a batch fails, each of its pictures is retried alone, and those that fail alone are refused. */
    private Optional<P> told(Batch batch, Survey.Look<P> look) {
        List<Batch.Item> before = batch.items();
        try {
            P part = look.at(batch, context.watcher()::within);
            return batch.items().isEmpty() ? Optional.empty() : Optional.of(part);
        } catch (VitrineException failure) {
            if (failure.kind() == VitrineException.Kind.USAGE || all == 1) {
                throw failure;
            }
            List<P> parts = new ArrayList<>();
            for (Batch.Item item : before) {
                context.watcher().check();
                Batch alone = batch.alone(item);
                try {
                    P part = look.at(alone, context.watcher()::within);
                    if (!alone.items().isEmpty()) {
                        parts.add(part);
                    }
                    alone.unreadable().forEach((index, problem) -> batch.refuse(item, problem));
                } catch (VitrineException own) {
                    batch.refuse(item, named(item, own));
                }
            }
            // Nothing has succeeded so far: the network is at fault, not the individual pictures.
            if (parts.isEmpty() && told.isEmpty() && before.size() > 1) {
                throw failure;
            }
            return parts.stream().reduce(survey::merge);
        }
    }

    private static String named(Batch.Item item, VitrineException problem) {
        String message = problem.getMessage();
        return message.contains(item.name()) ? message : item.name() + ": " + message;
    }

    private void take(Optional<P> part, int end, SortedMap<Integer, String> problems) {
        problems.values().forEach(context.watcher()::leftOut);
        unreadable.putAll(problems);
        told = merged(told, part);
        done = end;
    }

    private Optional<P> merged(Optional<P> left, Optional<P> right) {
        return left.isPresent() && right.isPresent()
                ? Optional.of(survey.merge(left.get(), right.get()))
                : left.or(() -> right);
    }

    private void goOn(PartStore store) {
        store.read(DONE).flatMap(this::parse).ifPresent(part -> {
            take(part.told(), part.pictures(), part.unreadable());
            kept = done;
            if (done < all) {
                context.watcher().note("resuming an earlier run after " + done + " of " + all + " pictures.");
            }
        });
    }

    private void keep(PartStore store) {
        if (done > kept) {
            store.write(DONE, StudyJson.bytes(new Stretch<>(done, unreadable, told)));
            kept = done;
        }
    }

    private Optional<Stretch<P>> parse(byte[] json) {
        JsonMapper mapper = StudyJson.mapper();
        JavaType type = mapper.getTypeFactory().constructParametricType(Stretch.class, survey.part());
        return StudyJson.read(json, type);
    }
}
