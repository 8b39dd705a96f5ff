package dev.vitrine.lens.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The last answers to questions that several methods ask alike. Answers are computed outside locks: threads that ask the
 * same question wait for one answer, others do not wait.
 */
final class LatestAnswers {
    private static final int MOST = 16;

    private final Map<AnswerKey<?>, CompletableFuture<Object>> answers = new LinkedHashMap<>(MOST, 0.75f, true);

    /** A recently computed answer, or the answer computed now; failures are not cached. */
    // Equal keys are of one type, which tells that of the answer.
    @SuppressWarnings("unchecked")
    <T> T of(AnswerKey<T> question, Supplier<T> answer) {
        CompletableFuture<Object> own = new CompletableFuture<>();
        CompletableFuture<Object> known = known(question, own);
        if (known == own) {
            try {
                own.complete(answer.get());
            } catch (RuntimeException | Error failure) {
                forget(question, own);
                own.completeExceptionally(failure);
                throw failure;
            }
        }
        try {
            return (T) known.join();
        } catch (CompletionException ofAnother) {
            // What stopped another thread, such as its cancellation, need not stop this one.
            return of(question, answer);
        }
    }

    private synchronized CompletableFuture<Object> known(AnswerKey<?> question, CompletableFuture<Object> own) {
        CompletableFuture<Object> known = answers.putIfAbsent(question, own);
        if (answers.size() > MOST) {
            answers.remove(answers.keySet().iterator().next());
        }
        return known == null ? own : known;
    }

    private synchronized void forget(AnswerKey<?> question, CompletableFuture<Object> own) {
        answers.remove(question, own);
    }
}
