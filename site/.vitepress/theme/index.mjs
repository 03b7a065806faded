import DefaultTheme from 'vitepress/theme'
import { h } from 'vue'
import idea from '../../../docs/pictures/idea.svg'
import './style.css'

const picture = () =>
  h('img', {
    class: 'idea',
    src: idea,
    width: 560,
    height: 470,
    alt: 'Three actions move three hidden latents. An unknown mixing turns latents into data. Before any data mechid predicts that each latent is identified; the learned latents are then checked against this promise.'
  })

export default { ...DefaultTheme, Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-image': picture }) }
