package dev.vitrine.study.robustness;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.picture.KnownPictures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How often a network is wrong about pictures that are corrupted, by corruption and severity. */
public record CorruptionSurvey(Model model, KnownPictures known, RobustnessPlan plan)
        implements Survey<CorruptionSurvey.Tally, Robustness> {
    private static final int FORMAT = 1;
    private static final int TOGETHER = 32;
    private static final int BROKEN = 8;

    /**
     * Counts over some pictures.
     *
     * @param errors wrong answers for each version of the pictures, in the order of {@link RobustnessPlan#version}
     * @param flips other answers than for the next milder severity, or for the clean picture; the first is 0
     * @param broken those of the pictures that most corruptions break
     */
    public record Tally(int pictures, int[] errors, int[] flips, List<BrokenPicture> broken) {}

    @Override
    public String id() {
        return "robustness-network";
    }

    @Override
    public PictureList pictures() {
        return known.pictures().list();
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures())
                .with("classes", known.folders().known().toString())
                .with("plan", plan);
    }

    @Override
    public Class<Tally> part() {
        return Tally.class;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public Look<Tally> open(ModelSession session, int batch) {
        return new Look<>() {
            @Override
            public Tally at(Batch pictures) {
                return at(pictures, Progress.NONE);
            }

            @Override
            public Tally at(Batch pictures, Progress within) {
                return tally(pictures, session, within);
            }
        };
    }

    private Tally tally(Batch pictures, ModelSession session, Progress within) {
        pictures.refuseBands();
        List<Batch.Item> items = pictures.items();
        int versions = plan.versions();
        int[][] answers = new int[items.size()][versions];
        int all = items.size() * versions;
        for (int first = 0; first < all; first += TOGETHER) {
            int begin = first;
            int count = Math.min(TOGETHER, all - first);
            List<Picture> seen = IntStream.range(0, count)
                    .parallel()
                    .mapToObj(index -> plan.version(
                            items.get((begin + index) / versions).view().orElseThrow(), (begin + index) % versions))
                    .toList();
            Tensor logits = session.logits(model.preprocessing().applyToViews(seen));
            int[] best = best(logits.toFloats(), count);
            for (int index = 0; index < count; index++) {
                answers[(begin + index) / versions][(begin + index) % versions] = best[index];
            }
            within.report(begin + count, all);
        }
        return tally(pictures, items, answers);
    }

    /** The class with the largest logit of each row; −1 where one is no number. */
    private static int[] best(float[] logits, int rows) {
        int classes = logits.length / rows;
        int[] best = new int[rows];
        for (int row = 0; row < rows; row++) {
            int found = 0;
            for (int at = 0; at < classes && found >= 0; at++) {
                float value = logits[row * classes + at];
                found = Float.isNaN(value) ? -1 : value > logits[row * classes + found] ? at : found;
            }
            best[row] = found;
        }
        return best;
    }

    private Tally tally(Batch pictures, List<Batch.Item> items, int[][] answers) {
        int versions = plan.versions();
        int[] errors = new int[versions];
        int[] flips = new int[versions];
        List<BrokenPicture> broken = new ArrayList<>();
        int counted = 0;
        for (int row = 0; row < items.size(); row++) {
            Batch.Item item = items.get(row);
            int[] answer = answers[row];
            if (IntStream.of(answer).anyMatch(label -> label < 0)) {
                pictures.refuse(
                        item,
                        item.name() + ": the network outputs NaN for it or for a corrupted version; expected numbers.");
                continue;
            }
            counted++;
            int target = known.target(item.index());
            for (int version = 0; version < versions; version++) {
                errors[version] += answer[version] == target ? 0 : 1;
                int milder = version == 0 || (version - 1) % plan.severities().size() == 0 ? 0 : version - 1;
                flips[version] += answer[version] == answer[milder] ? 0 : 1;
            }
            if (answer[0] == target) {
                broken.add(new BrokenPicture(item.index(), item.name(), target, answer));
            }
        }
        return new Tally(counted, errors, flips, worst(broken.stream()));
    }

    private static List<BrokenPicture> worst(Stream<BrokenPicture> some) {
        return some.filter(picture -> picture.wrong() > 0)
                .sorted(Comparator.comparingInt((BrokenPicture picture) -> -picture.wrong())
                        .thenComparingInt(BrokenPicture::index))
                .limit(BROKEN)
                .toList();
    }

    @Override
    public Tally merge(Tally left, Tally right) {
        return new Tally(
                left.pictures() + right.pictures(),
                sum(left.errors(), right.errors()),
                sum(left.flips(), right.flips()),
                worst(Stream.concat(left.broken().stream(), right.broken().stream())));
    }

    private static int[] sum(int[] left, int[] right) {
        return IntStream.range(0, left.length)
                .map(index -> left[index] + right[index])
                .toArray();
    }

    @Override
    public Robustness finish(Tally all, Seen seen) {
        List<Robustness.Row> rows = new ArrayList<>();
        int severities = plan.severities().size();
        for (int corruption = 0; corruption < plan.corruptions().size(); corruption++) {
            int first = 1 + corruption * severities;
            rows.add(new Robustness.Row(
                    plan.corruptions().get(corruption),
                    shares(all.errors(), first, severities, all.pictures()),
                    shares(all.flips(), first, severities, all.pictures())));
        }
        return new Robustness(
                model.name(),
                PublishedErrors.areFor(model) ? Robustness.Classes.IMAGENET : Robustness.Classes.OTHER,
                all.pictures(),
                (double) all.errors()[0] / all.pictures(),
                plan.severities(),
                rows,
                all.broken());
    }

    private static List<Double> shares(int[] counts, int first, int severities, int pictures) {
        return IntStream.range(first, first + severities)
                .mapToObj(index -> (double) counts[index] / pictures)
                .toList();
    }
}
