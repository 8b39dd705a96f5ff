package dev.vitrine.study.attack;

import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.setting.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What an attack made of many pictures.
 *
 * @param pictures number of pictures
 * @param accuracy share of pictures whose class is right before
 * @param accuracyUnderAttack share of pictures whose class is right after
 * @param attackable pictures that were right before; with a target, those of another class
 * @param success share of these for which the attack succeeds
 * @param successInterval Wilson's, 95 %
 * @param successAfterRounding share of these for which it does at 8 bits a value
 * @param l2 of the changes that succeed, mean and median; values in 0..1
 * @param queries of an attackable picture, mean
 * @param each picture by itself
 */
public record AttackTable(
        String model,
        String method,
        Map<String, String> settings,
        int pictures,
        double accuracy,
        double accuracyUnderAttack,
        int attackable,
        double success,
        List<Double> successInterval,
        double successAfterRounding,
        Middle l2,
        Middle linf,
        Middle l1,
        Middle l0,
        double queries,
        List<Attacked> each) {
    static AttackTable of(String model, Attack attack, List<Attacked> each) {
        List<Attacked> counted = each.stream().filter(Attacked::counts).toList();
        List<Attacked> won = counted.stream().filter(Attacked::success).toList();
        return new AttackTable(
                model,
                attack.id(),
                Settings.texts(attack),
                each.size(),
                share(each, row -> row.before() == row.label()),
                share(each, row -> row.after() == row.label()),
                counted.size(),
                share(counted, Attacked::success),
                interval(won.size(), counted.size()),
                share(counted, Attacked::successRounded),
                Middle.of(won.stream().mapToDouble(Attacked::l2)),
                Middle.of(won.stream().mapToDouble(Attacked::linf)),
                Middle.of(won.stream().mapToDouble(Attacked::l1)),
                Middle.of(won.stream().mapToDouble(Attacked::l0)),
                counted.stream().mapToLong(Attacked::queries).average().orElse(0),
                each);
    }

    private static double share(List<Attacked> rows, Predicate<Attacked> which) {
        return rows.isEmpty() ? 0 : (double) rows.stream().filter(which).count() / rows.size();
    }

    private static List<Double> interval(int of, int all) {
        if (all == 0) {
            return List.of(0.0, 1.0);
        }
        double z = 1.959963984540054;
        double p = (double) of / all;
        double middle = (p + z * z / (2 * all)) / (1 + z * z / all);
        double reach = z / (1 + z * z / all) * Math.sqrt(p * (1 - p) / all + z * z / (4.0 * all * all));
        return List.of(Math.max(0, middle - reach), Math.min(1, middle + reach));
    }
}
