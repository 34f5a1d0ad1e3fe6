terraform {
  required_version = ">= 1.5"

  required_providers {
    digitalocean = {
      source  = "digitalocean/digitalocean"
      version = "~> 2.40"
    }
  }
}

# The token comes from the environment variable DIGITALOCEAN_TOKEN, and is written nowhere.
provider "digitalocean" {}
