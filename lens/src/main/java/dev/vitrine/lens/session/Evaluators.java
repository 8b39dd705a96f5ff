package dev.vitrine.lens.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** A few evaluators, opened on demand; the longest unused is closed first. One thread at a time works with them. */
final class Evaluators {
    private static final int MOST = 4;

    private final Map<EvaluatorKey<?>, NativeEvaluator> evaluators = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    // Equal keys are of one type, which tells that of the evaluator.
    @SuppressWarnings("unchecked")
    synchronized <T extends NativeEvaluator, R> R work(EvaluatorKey<T> key, Supplier<T> open, Function<T, R> work) {
        if (closed) {
            throw ModelSession.closed();
        }
        T found = (T) evaluators.get(key);
        if (found == null) {
            found = open.get();
            evaluators.put(key, found);
            if (evaluators.size() > MOST) {
                Iterator<NativeEvaluator> oldest = evaluators.values().iterator();
                NativeEvaluator unused = oldest.next();
                oldest.remove();
                unused.close();
            }
        }
        return work.apply(found);
    }

    /** Waits for the work in progress. */
    synchronized void close() {
        closed = true;
        evaluators.values().forEach(NativeEvaluator::close);
        evaluators.clear();
    }
}
