package dev.vitrine.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the runner does about pictures that a look cannot answer. */
class StudyRunnerTest {
    private static final Model MODEL = Nets.architecture("vgg-small");

    /** Picture i is of one color, i. */
    private record Plain(int size) implements PictureList {
        @Override
        public String name(int index) {
            return index + ".png";
        }

        @Override
        public Picture read(int index) {
            byte[] rgb = new byte[64 * 64 * 3];
            Arrays.fill(rgb, (byte) (20 * index));
            return Picture.wrap(64, 64, rgb);
        }

        @Override
        public String content(int index) {
            return name(index);
        }
    }

    /** Tells the pictures that it sees, and fails for a batch that holds any of some. */
    private record Failing(Model model, PictureList pictures, IntPredicate fails)
            implements Survey<List<?>, List<Integer>> {
        @Override
        public String id() {
            return "failing";
        }

        @Override
        public Question question() {
            return Question.of(id(), 1);
        }

        @Override
        @SuppressWarnings("unchecked")
        public Class<List<?>> part() {
            return (Class<List<?>>) (Class<?>) List.class;
        }

        @Override
        public Look<List<?>> open(ModelSession session, int batch) {
            return seen -> {
                for (Batch.Item item : seen.items()) {
                    if (fails.test(item.index())) {
                        throw VitrineException.failure("cannot be answered");
                    }
                }
                List<Integer> told = new ArrayList<>();
                for (Batch.Item item : seen.items()) {
                    float[] input =
                            seen.images().rows(item.row(), item.row() + 1).toFloats();
                    float[] expected = model.preprocessing()
                            .apply(pictures.read(item.index()))
                            .toFloats();
                    assertThat(input).isEqualTo(expected);
                    told.add(item.index());
                }
                return told;
            };
        }

        @Override
        public List<?> merge(List<?> left, List<?> right) {
            List<Object> both = new ArrayList<>(left);
            both.addAll(right);
            return both;
        }

        @Override
        public List<Integer> finish(List<?> all, Seen seen) {
            return all.stream().map(Integer.class::cast).toList();
        }
    }

    private static Outcome<List<Integer>> run(IntPredicate fails) {
        try (ModelSession session = new ModelSession(MODEL, Nets.RUNNER)) {
            return new Failing(MODEL, new Plain(10), fails).run(StudyContext.of(session));
        }
    }

    @Test
    void onePictureThatFailsTakesNoOtherWithIt() {
        Outcome<List<Integer>> outcome = run(index -> index == 5 || index == 9);
        assertThat(outcome.result()).isEqualTo(List.of(0, 1, 2, 3, 4, 6, 7, 8));
        assertThat(outcome.unreadable()).containsExactly("5.png: cannot be answered", "9.png: cannot be answered");
    }

    @Test
    void aNetworkThatAnswersNothingIsAtFault() {
        assertThatThrownBy(() -> run(index -> true))
                .isInstanceOf(VitrineException.class)
                .hasMessage("cannot be answered");
    }

    @Test
    void allPicturesTogetherAreThoseOneByOne() {
        assertThat(run(index -> false).result())
                .isEqualTo(IntStream.range(0, 10).boxed().toList());
    }
}
