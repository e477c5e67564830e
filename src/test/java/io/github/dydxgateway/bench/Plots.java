package io.github.dydxgateway.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** Writes figures as SVG. */
final class Plots {
  private Plots() {}

  /**
   * Lines over a logarithmic axis.
   *
   * @param file name without suffix
   */
  static void lines(
      String file,
      String title,
      String xTitle,
      String yTitle,
      List<Integer> xs,
      Map<String, List<Double>> lines)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(720)
            .height(420)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    chart.getStyler().setXAxisLogarithmic(xs.size() > 1);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    lines.forEach((name, values) -> chart.addSeries(name, xs, values));
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, BenchSettings.OUTPUT.resolve(file).toString(), VectorGraphicsFormat.SVG);
  }
}
