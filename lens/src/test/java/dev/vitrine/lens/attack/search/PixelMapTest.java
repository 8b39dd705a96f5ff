package dev.vitrine.lens.attack.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.lens.attack.Pixel;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.session.ModelSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelMapTest {
    @Test
    void eachPixelHasTheLargestRiseOfEightColors() {
        try (ModelSession session = new ModelSession(Nets.shared("cifar10-resnet20"), Nets.RUNNER)) {
            Victim victim = new Victim(session);
            Random random = new Random(8);
            float[] picture = new float[victim.size()];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = (float) (0.5 + 0.4 * Math.sin(i % 1024 / 70.0 + i / 1024) + 0.05 * random.nextDouble());
            }
            PixelMap map = PixelMap.of(victim, picture, Progress.NONE);
            int label = Subjects.best(victim.logits(List.of(picture))[0]);
            assertThat(map.label()).isEqualTo(label);
            double before = Scores.logOdds(victim.logits(List.of(picture))[0], label);
            int turning = 0;
            for (int place = 0; place < 1024; place += 41) {
                List<float[]> corners = new ArrayList<>();
                for (int corner = 0; corner < 8; corner++) {
                    float[] color = {corner % 2, corner / 2 % 2, corner / 4};
                    corners.add(new Pixel(place / 32, place % 32, color).in(picture, 32, 32));
                }
                double largest = Double.NEGATIVE_INFINITY;
                int reached = label;
                for (float[] logits : victim.logits(corners)) {
                    double rise = Scores.logOdds(logits, label) - before;
                    reached = rise > largest ? Subjects.best(logits) : reached;
                    largest = Math.max(largest, rise);
                }
                assertThat((double) map.rise()[place]).isCloseTo(largest, within(1e-3));
                turning += reached != label ? 1 : 0;
            }
            assertThat(map.turning()).isGreaterThanOrEqualTo(turning);
            for (float rise : map.rise()) {
                assertThat(rise).isLessThanOrEqualTo(map.rise()[map.strongest()]);
            }
        }
    }
}
